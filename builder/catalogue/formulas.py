"""How output sizes and parameter counts come about, for the layers that share one arithmetic."""

from __future__ import annotations

from collections.abc import Callable

from builder.catalogue.expression import Expression, Formula, ceil, equation, floor, symbol
from builder.catalogue.madds import GATES
from builder.catalogue.rules import spread
from builder.catalogue.spec import Arguments, Explaining
from builder.catalogue.windows import numbers
from builder.document import TensorType

TITLES = {1: ("Length",), 2: ("Height", "Width"), 3: ("Depth", "Height", "Width")}
"""What the axes after the channels are called."""


def _axes(given: TensorType) -> tuple[str, ...]:
    return TITLES[given.rank - 1]


def _count(expression: Expression) -> tuple[Formula, ...]:
    return (equation("Parameters", "P", expression),)


def _incoming(size: int) -> Expression:
    return symbol("I", size, "positions that come in")


def window(arguments: Arguments, given: TensorType, output: TensorType) -> tuple[Formula, ...]:
    """Sizes after a window that slides: ⌊(I + 2p − d(k − 1) − 1) / s⌋ + 1.

    Source: the Shape sections of torch's convolutions and poolings. Pooling with ``ceil_mode``
    rounds up, and leaves out a last window that would begin beyond the input.
    """
    return tuple(
        equation(title, "O", _slid(arguments, at, size))
        for at, (title, size) in enumerate(zip(_axes(given), given.shape[1:], strict=True))
    )


def _slid(arguments: Arguments, at: int, size: int) -> Expression:
    row = numbers(arguments, at)
    incoming = _incoming(size)
    k = symbol("k", row["kernel_size"], "kernel_size: positions of the window")
    d = symbol("d", row["dilation"], "dilation: distance between elements of the window")
    if arguments.get("padding") == "same":
        total = row["dilation"] * (row["kernel_size"] - 1)
        return incoming + symbol("P", total, "padding in all, for 'same'") - d * (k - 1)
    s = symbol("s", row["stride"], "stride: positions from one window to the next")
    room = incoming
    if "padding" in arguments:
        room = room + 2 * symbol("p", row["padding"], "padding on each side")
    room = room - d * (k - 1) - 1 if "dilation" in arguments else room - k
    if not arguments.get("ceil_mode"):
        return floor(room, s) + 1
    windows = ceil(room, s) + 1
    if (windows.value - 1) * row["stride"] < size + row["padding"]:
        return windows
    return windows - symbol("u", 1, "a last window that would begin beyond the input")


def spread_out(arguments: Arguments, given: TensorType, output: TensorType) -> tuple[Formula, ...]:
    """Sizes after a transposed convolution: (I − 1)s − 2p + d(k − 1) + e + 1.

    Source: the Shape section of torch's ConvTranspose2d.
    """
    formulas = []
    for at, (title, size) in enumerate(zip(_axes(given), given.shape[1:], strict=True)):
        row = numbers(arguments, at)
        k = symbol("k", row["kernel_size"], "kernel_size: positions that a value is spread over")
        s = symbol("s", row["stride"], "stride: positions from one value's place to the next's")
        p = symbol("p", row["padding"], "padding: positions cut off on each side")
        d = symbol("d", row["dilation"], "dilation: distance between elements of the kernel")
        e = symbol("e", row["output_padding"], "output_padding: positions added at the end")
        size_out = (_incoming(size) - 1) * s - 2 * p + d * (k - 1) + e + 1
        formulas.append(equation(title, "O", size_out))
    return tuple(formulas)


def asked_for(arguments: Arguments, given: TensorType, output: TensorType) -> tuple[Formula, ...]:
    """Sizes after adaptive pooling: those that the argument asks for, or the input's."""
    wanted = spread(arguments["output_size"], given.rank - 1)
    return tuple(
        equation(title, "O", _incoming(have))
        if size is None
        else equation(title, "O", symbol("S", size, "output_size: the size asked for"))
        for title, size, have in zip(_axes(given), wanted, given.shape[1:], strict=True)
    )


def padded(sides: Callable[[Arguments, int], list[tuple[int, int]]]) -> Explaining:
    """Sizes after padding: I + p₁ + p₂, where a negative number cuts off."""

    def explain(arguments: Arguments, given: TensorType, output: TensorType) -> tuple[Formula, ...]:
        rows = zip(_axes(given), given.shape[1:], sides(arguments, given.rank - 1), strict=True)
        return tuple(
            equation(
                title,
                "O",
                _incoming(size)
                + symbol("p₁", before, "positions added before it")
                + symbol("p₂", after, "positions added after it"),
            )
            for title, size, (before, after) in rows
        )

    return explain


def resized(arguments: Arguments, given: TensorType, output: TensorType) -> tuple[Formula, ...]:
    """Sizes after Upsample: the size asked for, or ⌊I·f⌋."""
    axes = given.rank - 1
    if (size := arguments["size"]) is not None:
        return tuple(
            equation(title, "O", symbol("S", each, "size: the size asked for"))
            for title, each in zip(_axes(given), spread(size, axes), strict=True)
        )
    factor = arguments["scale_factor"]
    factors = factor if isinstance(factor, tuple) else (factor,) * axes
    rows = zip(_axes(given), given.shape[1:], factors, strict=True)
    return tuple(
        equation(title, "O", floor(_incoming(have) * symbol("f", each, "scale_factor")))
        for title, have, each in rows
    )


def shuffled(factor: str, enlarges: bool) -> Explaining:
    """Sizes after channels became positions (C / r² and I·r), or positions channels."""

    def explain(arguments: Arguments, given: TensorType, output: TensorType) -> tuple[Formula, ...]:
        r = symbol("r", arguments[factor], factor)
        channels = symbol("C", given.shape[0], "channels that come in")
        made = channels / r.squared() if enlarges else channels * r.squared()
        sizes = zip(_axes(given), map(_incoming, given.shape[1:]), strict=True)
        return (
            equation("Channels", "O", made),
            *(equation(title, "O", i * r if enlarges else i / r) for title, i in sizes),
        )

    return explain


def joined_channels(
    arguments: Arguments, given: TensorType, output: TensorType
) -> tuple[Formula, ...]:
    """Channels of two poolings one after the other."""
    if arguments["join"] != "concatenate":
        return ()
    channels = symbol("C", given.shape[0], "channels that come in, of each pooling")
    return (equation("Channels", "O", 2 * channels),)


def flattened(arguments: Arguments, given: TensorType, output: TensorType) -> tuple[Formula, ...]:
    """Axes joined into one: the product of their sizes."""
    first, last = (int(arguments[name]) % (given.rank + 1) for name in ("start_dim", "end_dim"))
    sizes = _row("a", given.shape[first - 1 : last], "size of an axis that is joined")
    return (equation("Features", "O", sizes[0].times_all(sizes[1:])),)


SUBSCRIPTS = "₁₂₃₄₅₆₇₈"


def _row(name: str, sizes: tuple[int, ...], meaning: str) -> tuple[Expression, ...]:
    """A symbol for each of several sizes: k₁, k₂; k alone where there is one."""
    if len(sizes) == 1:
        return (symbol(name, sizes[0], meaning),)
    return tuple(
        symbol(f"{name}{mark}", size, meaning)
        for mark, size in zip(SUBSCRIPTS, sizes, strict=False)
    )


def linear(arguments: Arguments, given: TensorType, output: TensorType) -> tuple[Formula, ...]:
    """A weight from every feature to every other, and a bias."""
    o = symbol("O", arguments["out_features"], "features that go out")
    weights = symbol("I", arguments["in_features"], "features that come in") * o
    return _count(weights + o if arguments["bias"] else weights)


def kernels(transposed: bool = False) -> Explaining:
    """A weight for each place of each kernel, and a bias for each channel that goes out.

    With groups a channel meets only the channels of its own group.
    """

    def explain(arguments: Arguments, given: TensorType, output: TensorType) -> tuple[Formula, ...]:
        c = symbol("C", arguments["in_channels"], "channels that come in")
        o = symbol("K", arguments["out_channels"], "channels that go out, one for each kernel")
        g = symbol("g", arguments["groups"], "groups that do not mix")
        grouped = arguments["groups"] > 1
        channels = (c * (o / g) if transposed else (c / g) * o) if grouped else c * o
        size = spread(arguments["kernel_size"], given.rank - 1)
        weights = channels.times_all(_row("k", size, "kernel_size"))
        return _count(weights + o if arguments["bias"] else weights)

    return explain


def scales(name: str) -> Explaining:
    """A scale, and where there is a bias a shift, for every channel."""

    def explain(arguments: Arguments, given: TensorType, output: TensorType) -> tuple[Formula, ...]:
        channels = symbol("C", arguments[name], "channels, each with a scale of its own")
        return _scaled(channels, arguments, "affine")

    return explain


def element_scales(
    arguments: Arguments, given: TensorType, output: TensorType
) -> tuple[Formula, ...]:
    """A scale, and where there is a bias a shift, for every element that is normalised over."""
    sizes = _row("a", arguments["normalized_shape"], "size of an axis normalised over")
    return _scaled(sizes[0].times_all(sizes[1:]), arguments, "elementwise_affine")


def _scaled(count: Expression, arguments: Arguments, affine: str) -> tuple[Formula, ...]:
    if not arguments[affine]:
        return ()
    return _count(2 * count if arguments.get("bias") else count)


def slopes(arguments: Arguments, given: TensorType, output: TensorType) -> tuple[Formula, ...]:
    """A slope for all channels, or one for each."""
    return _count(symbol("n", arguments["num_parameters"], "num_parameters: slopes"))


def vectors(arguments: Arguments, given: TensorType, output: TensorType) -> tuple[Formula, ...]:
    """A vector for every entry of a table."""
    entries = symbol("n", arguments["num_embeddings"], "entries of the table")
    return _count(entries * symbol("d", arguments["embedding_dim"], "features of a vector"))


def recurrent(kind: str) -> Explaining:
    """Each gate weighs the input and the last output, in every layer and direction.

    Source: the Variables section of torch's LSTM; a gate has two biases.
    """

    def explain(arguments: Arguments, given: TensorType, output: TensorType) -> tuple[Formula, ...]:
        h = symbol("h", arguments["hidden_size"], "features of the memory")
        x = symbol("x", arguments["input_size"], "features of a step")
        projected = arguments.get("proj_size")
        r = symbol("r", projected, "features that the memory is projected to") if projected else h
        ways = symbol("D", 2, "directions") if arguments["bidirectional"] else None
        wide = ways * r if ways else r

        def layer(features: Expression) -> Expression:
            gate = h * (features + r)
            gates = gate + 2 * h if arguments["bias"] else gate
            every = gates if GATES[kind] == 1 else GATES[kind] * gates
            both = every + h * r if projected else every
            return ways * both if ways else both

        count = layer(x)
        if arguments["num_layers"] > 1:
            more = symbol("L", arguments["num_layers"], "layers on top of one another") - 1
            count = count + more * layer(wide)
        return (equation("Features", "O", wide), *_count(count))

    return explain


def _projections(e: Expression, bias: bool) -> Expression:
    return 4 * (e * e + e) if bias else 4 * (e * e)


def attention(arguments: Arguments, given: TensorType, output: TensorType) -> tuple[Formula, ...]:
    """Four projections: of queries, keys, values and the result."""
    e = symbol("E", arguments["embed_dim"], "features of a step")
    count = _projections(e, arguments["bias"])
    return _count(count + 2 * e if arguments["add_bias_kv"] else count)


def transformer_layer(
    arguments: Arguments, given: TensorType, output: TensorType
) -> tuple[Formula, ...]:
    """Attention, two linear layers, and two normalisations."""
    e = symbol("E", arguments["d_model"], "features of a step")
    f = symbol("F", arguments["dim_feedforward"], "width of the MLP")
    if arguments["bias"]:
        return _count(_projections(e, True) + (e * f + f) + (f * e + e) + 2 * (2 * e))
    return _count(_projections(e, False) + e * f + f * e + 2 * e)
