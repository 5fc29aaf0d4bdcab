"""Lessons of layers that slide over their input: convolution, max pooling, padding."""

from __future__ import annotations

from itertools import product

import streamlit as st

from builder.catalogue.spec import Arguments, Spec
from builder.document import TensorType
from builder.lessons import convolution, padding, pooling
from builder.lessons.samples import Sample
from components.lesson_figures import Box, stacked
from components.lesson_parts import (
    Shown,
    as_images,
    box_at,
    choose_place,
    in_channel,
    minus,
    picture,
    row_of_pictures,
    show_grid,
)

SLIDING = {2: ("Output channel", "Position"), 3: ("Output channel", "Row", "Column")}


def show_convolution(
    spec: Spec, arguments: Arguments, sample: Sample, output: TensorType, key: str
) -> Shown:
    """The kernel over the padded input, and the sum at the chosen place."""
    kernel = st.segmented_control(
        "Weights",
        list(convolution.KERNELS),
        default="random",
        format_func=convolution.KERNELS.__getitem__,
        key=f"{key}-kernel",
        required=True,
    )
    channel, *place = choose_place(output.shape, key, SLIDING[output.rank])
    lesson = convolution.teach(spec, arguments, sample, channel, tuple(place), str(kernel))
    flat = output.rank == 2
    covered = (range(1), *lesson.covered) if flat else lesson.covered
    at = (0, *place) if flat else tuple(place)
    width = lesson.padded.shape[2]
    boxes = [
        in_channel(each, width, box) for each in lesson.channels for box in _window_boxes(covered)
    ]
    boxes += [
        in_channel(each, width, _frame(lesson.sides, sample.given.shape[1:]))
        for each in range(lesson.padded.shape[0])
        if any(map(sum, lesson.sides))
    ]
    with row_of_pictures():
        padded = "Input with its padding" if any(map(sum, lesson.sides)) else "Input"
        show_grid(padded, picture(lesson.padded), boxes, key=f"{key}-in")
        here = Box(at[0], at[1])
        show_grid(
            f"Output channel {channel}",
            lesson.output[channel],
            [here],
            key=f"{key}-out",
            signed=True,
        )
    terms = lesson.products.size
    seen = len(lesson.channels)
    of = f" from {seen} of {lesson.padded.shape[0]} channels" if arguments["groups"] > 1 else ""
    st.markdown(f"##### The outlined output is a sum of {terms} products{of}")
    with row_of_pictures():
        for title, values, signed in (
            ("Under the kernel", lesson.window, False),
            ("× weights", lesson.weights, True),
            ("= products", lesson.products, True),
        ):
            show_grid(
                title,
                stacked(values),
                key=f"{key}-{title}",
                signed=signed,
                cell=38 if len(lesson.channels) == 1 else 30,
                numbered=False,
            )
    st.code(
        convolution.written_sum(lesson),
        language=None,
        wrap_lines=True,
        height=260 if terms > 40 else "content",
    )
    sizes = convolution.written_sizes(arguments, lesson, sample.given.shape[1:])
    st.caption(
        f"Torch gives {minus(lesson.torch_says)}. Size of the output, for every axis "
        f"⌊(size + padding on both sides − dilation·(kernel − 1) − 1) / stride⌋ + 1: "
        f"{'; '.join(dict.fromkeys(sizes))}."
    )
    return Shown(lesson.source, lesson.printed)


def _window_boxes(covered: tuple[range, ...]) -> list[Box]:
    """One outline around the window, or one around each cell of a dilated one."""
    rows, columns = covered
    if rows.step == columns.step == 1:
        return [Box(rows.start, columns.start, len(rows), len(columns))]
    return [Box(row, column) for row, column in product(rows, columns)]


def _frame(sides: tuple[tuple[int, int], ...], sizes: tuple[int, ...]) -> Box:
    """Where the input lies within its padding."""
    befores = [before for before, _ in sides]
    if len(sizes) == 1:
        return Box(0, befores[0], 1, sizes[0], faint=True)
    return Box(befores[0], befores[1], sizes[0], sizes[1], faint=True)


def show_pooling(
    spec: Spec, arguments: Arguments, sample: Sample, output: TensorType, key: str
) -> Shown:
    """A window and its maximum, where that was, and unpooling."""
    channel, *place = choose_place(output.shape, key, SLIDING[output.rank])
    lesson = pooling.teach(spec, arguments, sample, channel, tuple(place))
    width = lesson.input.shape[2]
    rows, columns = (range(1), *lesson.covered) if output.rank == 2 else lesson.covered
    row, column = divmod(lesson.index, width)
    at = (0, *place) if output.rank == 2 else tuple(place)
    cells = [Box(r, c, faint=True) for r, c in product(rows, columns)]
    with row_of_pictures():
        show_grid(
            f"Input, channel {channel}",
            lesson.input[channel],
            [*cells, Box(row, column)],
            key=f"{key}-in",
        )
        here = [Box(at[0], at[1])]
        with st.container(width="content"):
            show_grid("Maxima", lesson.output[channel], here, key=f"{key}-out")
            show_grid(
                "Their indices",
                lesson.indices[channel],
                here,
                key=f"{key}-where",
                digits=0,
                plain=True,
            )
        show_grid(
            "Unpooled: the maxima back in place",
            lesson.back[channel],
            [Box(row, column)],
            key=f"{key}-back",
        )
    where = f"{row}·{width} + {column} = {lesson.index}"
    st.markdown(
        f"The largest of the {len(rows) * len(columns)} dotted values is "
        f"**{minus(lesson.maximum)}**, in row {row}, column {column}. "
        f"Its index counts the input row by row: {where}."
    )
    return Shown(lesson.source, lesson.printed)


def show_padding(
    spec: Spec, arguments: Arguments, sample: Sample, output: TensorType, key: str
) -> Shown:
    """The padded input, and the input value that the chosen one is a copy of."""
    place = choose_place(output.shape, key, edge=True)
    lesson = padding.teach(spec, arguments, sample, place)
    found = lesson.influence
    sizes = [stop - start for start, stop in lesson.frame]
    starts = [start for start, _ in lesson.frame]
    if len(sizes) == 1:
        sizes, starts = [output.shape[0], *sizes], [0, *starts]
    frames = [
        in_channel(at, output.shape[-1], Box(*starts, *sizes, faint=True))
        for at in range(as_images(found.output).shape[0])
    ]
    with row_of_pictures():
        origin = [box_at(found.input, lesson.origin)] if lesson.origin else []
        show_grid("Input", picture(found.input), origin, key=f"{key}-in")
        here = box_at(found.output, place)
        show_grid(
            "Output, the input dotted", picture(found.output), [*frames, here], key=f"{key}-out"
        )
    at = ", ".join(map(str, place))
    comes = (
        f"is a copy of the input at [{', '.join(map(str, lesson.origin))}]"
        if lesson.origin
        else "depends on no input value"
    )
    st.markdown(f"The output at [{at}], **{minus(found.value)}**, {comes}.")
    comparison = padding.compare(spec, arguments, sample)
    st.markdown("##### The same positions by every kind of padding")
    with row_of_pictures("small"):
        for name, values in comparison.outputs.items():
            shown = values if values.ndim == 2 else values[place[0]]
            show_grid(name, shown, key=f"{key}-{name}", cell=min(12.0, 400 / shown.shape[1]))
    return Shown(
        f"{found.source}\n\n# Every kind of padding\n{comparison.source}",
        found.printed + comparison.printed,
    )
