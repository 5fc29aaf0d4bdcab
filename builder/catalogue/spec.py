"""What a catalogue entry is made of: parameters, rules, the spec of a layer, and its call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from builder.catalogue.expression import Formula
from builder.catalogue.kinds import Kind
from builder.document import TensorType, Value

if TYPE_CHECKING:
    from builder.catalogue.windows import Window

Arguments = Mapping[str, Any]
"""A call's arguments by name, each already parsed by its kind."""


class Required:
    """The default of an argument for which torch has none."""

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = Required()
RANKS: Final = tuple(range(1, 9))
"""How many axes a sample may have within a network."""


@dataclass(frozen=True)
class Follows:
    """How a size follows from the input, and which pinned values agree with that input.

    ``words`` tells what the input has instead of a wrong pinned size: "which has {} channels".
    """

    value: Callable[[TensorType], Value]
    words: str
    agrees: Callable[[Value, TensorType], bool] | None = None

    def fits(self, value: Value, given: TensorType) -> bool:
        """Whether a pinned value agrees with the input."""
        return self.agrees(value, given) if self.agrees else value == self.value(given)


@dataclass(frozen=True)
class Parameter:
    """One argument of a torch class: its kind, torch's default, limits and one line of help.

    ``initial`` is what a fresh layer is given where torch has no default (or a poor one). ``own``
    marks what is no argument of the torch class, but of what the entry's ``compose`` makes.
    ``empty`` says in a few words what None means, for a field that holds nothing.
    """

    name: str
    kind: Kind
    default: Value | Required = REQUIRED
    help: str = ""
    initial: Value | Required = REQUIRED
    follows: Follows | None = None
    more: bool = False
    own: bool = False
    empty: str = ""


@dataclass(frozen=True)
class Before:
    """A fix: put a layer in front of the faulty block."""

    kind: str
    params: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True)
class Change:
    """A fix: set an argument of the faulty block."""

    name: str
    value: Value


@dataclass(frozen=True)
class Reset:
    """A fix: let an argument of the faulty block follow from the input again."""

    name: str


@dataclass(frozen=True)
class Swap:
    """A fix: make the faulty block another kind, keeping the arguments that both have."""

    kind: str


@dataclass(frozen=True)
class Recast:
    """A fix: give the network's input another dtype."""

    dtype: str


Fix = Before | Change | Reset | Swap | Recast


@dataclass(frozen=True)
class Problem:
    """Why a block cannot take its input; ``label`` says what one click on the ``fix`` would do."""

    code: str
    message: str
    label: str | None = None
    fix: Fix | None = None


Rule = Callable[[Arguments, TensorType], Problem | None]
Shaping = Callable[[Arguments, TensorType], tuple[int, ...]]
Counting = Callable[[Arguments, TensorType, TensorType], int]
Explaining = Callable[[Arguments, TensorType, TensorType], tuple[Formula, ...]]


def keep_shape(arguments: Arguments, given: TensorType) -> tuple[int, ...]:
    """The output has the input's shape."""
    return given.shape


@dataclass(frozen=True)
class Accepts:
    """The inputs a layer takes: how many axes one sample may have, in words too.

    ``dtype`` None stands for any.
    """

    ranks: tuple[int, ...] = RANKS
    words: str = "any shape"
    dtype: str | None = "float32"


ANYTHING: Final = Accepts(dtype=None)


@dataclass(frozen=True)
class Call:
    """A constructor call: ``("nn.Conv2d", (("in_channels", 3), …))`` and the modules it holds."""

    target: str
    arguments: tuple[tuple[str, Value], ...] = ()
    children: tuple[tuple[str, Call], ...] = ()


@dataclass(frozen=True)
class Lanes:
    """How a container holds others and what comes out of it.

    ``join`` takes the arguments, the container's input and each lane's output; ``arrange`` makes
    the call from the lowered lanes. ``enter`` tells what the lanes are given, where that is not
    the container's input itself. ``repeats`` names the argument that says how many bodies there
    are of a lane, one after the other. Where outputs are joined, ``mark`` is what a drawing writes
    there, and ``adds_input`` tells that the container's input joins them.
    """

    join: Callable[[Arguments, TensorType, tuple[TensorType, ...]], TensorType | Problem]
    arrange: Callable[[Arguments, tuple[Call, ...]], Call]
    minimum: int = 1
    maximum: int = 1
    label: str = "body"
    others: tuple[str, ...] = ()
    enter: Shaping | None = None
    repeats: str | None = None
    mark: Callable[[Arguments], str] | None = None
    adds_input: bool = False

    def times(self, arguments: Arguments) -> int:
        """How often a lane is gone through."""
        return int(arguments[self.repeats]) if self.repeats else 1

    def given(self, arguments: Arguments, given: TensorType) -> TensorType:
        """What each lane is given when this comes into the container."""
        return replace(given, shape=self.enter(arguments, given)) if self.enter else given

    def makes(self, arguments: Arguments, given: TensorType, output: TensorType) -> int:
        """Bytes of the tensors that the container itself makes of one sample, not its blocks.

        What the lanes are given instead of the container's input comes with the positions that
        it was taken from.
        """
        if self.enter:
            values = self.given(arguments, given)
            return values.bytes + replace(values, dtype="int64").bytes + output.bytes
        return output.bytes if self.mark else 0


@dataclass(frozen=True)
class Spec:
    """One catalogue entry: everything the app knows about a layer or a container.

    ``gives`` is the output's shape where it is plain to see. Torch is the judge of it too, in the
    tests, which compare the two on every rank and at edge values; it is not asked at each check
    because that is too slow: for 100 linear layers a cold check took 4.9 times what building them
    and torchinfo took (0.6 times with ``gives``), and a check after one convolution of 100 was
    resized took 1/7 (1/25 with it), where the aims of benchmarks/editing.py are 3 times and 1/20.

    ``probabilities`` marks what turns its input into probabilities, which a loss that does so
    itself must not be given. ``compose`` makes the call of the whole module from that of
    ``target``, where the torch class alone does not turn one tensor into one (an LSTM gives three).
    ``compose`` makes the call of the whole module from that of ``target``, where the torch class
    alone does not turn one tensor into one tensor (an LSTM gives three).

    ``madds`` counts multiply-adds from the arguments, the input and the output, where there are
    any. Torch's flop counter judges it in the tests; at each check it would be too slow.

    ``arithmetic`` gives the formulas of sizes and parameters with a layer's own numbers;
    ``window`` is there where a wanted size can be solved for.
    """

    kind: str
    category: str
    target: str
    summary: str
    parameters: tuple[Parameter, ...] = ()
    accepts: Accepts = Accepts()
    rules: tuple[Rule, ...] = ()
    gives: Shaping | None = None
    lanes: Lanes | None = None
    probabilities: bool = False
    keywords: tuple[str, ...] = ()
    brief: Callable[[Arguments], str] = lambda arguments: ""
    compose: Callable[[Arguments, Call], Call] | None = None
    madds: Counting | None = None
    arithmetic: tuple[Explaining, ...] = ()
    window: Window | None = None

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of this name, or None."""
        return next((each for each in self.parameters if each.name == name), None)

    @property
    def initial(self) -> dict[str, Value]:
        """What a fresh block of this kind has set."""
        return {p.name: p.initial for p in self.parameters if not isinstance(p.initial, Required)}

    def describe(self) -> dict[str, Any]:
        """The entry as plain data, for the palette, the form and the command line."""
        page = self.target.removeprefix("nn.")
        torch_class = self.target.startswith("nn.") and self.lanes is None
        url = f"https://docs.pytorch.org/docs/stable/generated/torch.nn.{page}.html"
        return {
            "kind": self.kind,
            "category": self.category,
            "summary": self.summary,
            "keywords": list(self.keywords),
            "url": url if torch_class else None,
            "container": self.lanes is not None,
            "lanes": self.lanes
            and {
                "min": self.lanes.minimum,
                "max": self.lanes.maximum,
                "label": self.lanes.label,
                "others": list(self.lanes.others),
            },
            "parameters": [describe_parameter(parameter) for parameter in self.parameters],
        }


def describe_parameter(parameter: Parameter) -> dict[str, Any]:
    """A parameter as plain data; limits, options and the default only where there are any."""
    kind = parameter.kind
    about: dict[str, Any] = {
        "name": parameter.name,
        "type": kind.type,
        "required": isinstance(parameter.default, Required),
        "follows": parameter.follows is not None,
        "more": parameter.more,
        "help": parameter.help,
    }
    for name in ("minimum", "maximum", "above", "options", "axes", "nullable", "holes", "words"):
        value = getattr(kind, name, None)
        if value is not None and value is not False and value != ():
            about[name] = list(value) if isinstance(value, tuple) else value
    if kind.type == "shape" and getattr(kind, "wild", False):
        about["wild"] = True
    for name in ("default", "initial"):
        value = getattr(parameter, name)
        if not isinstance(value, Required):
            about[name] = list(value) if isinstance(value, tuple) else value
    return about
