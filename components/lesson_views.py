"""How each lesson is shown: its pictures, the sliders that choose a place, the sum written out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from builder.catalogue.spec import Arguments, Spec
from builder.document import TensorType
from builder.lessons import (
    activations,
    dropout,
    influence,
    linear,
    normalisation,
)
from builder.lessons.samples import Sample
from components.figures import CONFIG
from components.lesson_figures import Box, draw_activation
from components.lesson_parts import (
    Shown,
    box_at,
    choose,
    choose_place,
    is_dark,
    minus,
    picture,
    row_of_pictures,
    show_grid,
)
from components.lesson_windows import show_convolution, show_padding, show_pooling

View = Callable[[Spec, Arguments, Sample, TensorType, str], Shown]
"""Shows a layer with these arguments on this sample, whose output has this type."""


def show_activation(
    spec: Spec, arguments: Arguments, sample: Sample, output: TensorType, key: str
) -> Shown:
    """The curve, its derivative, and both at the chosen x."""
    reach = float(activations.REACH)
    point = st.slider("x", -reach, reach, 1.0, 0.1, key=f"{key}-x")
    lesson = activations.teach(spec, arguments, round(float(point), 1))
    x, y, slope = lesson.point
    at = f"{x:.1f}".replace("-", "−")
    st.plotly_chart(
        draw_activation(lesson.x, lesson.y, lesson.slope, lesson.point, is_dark()),
        config=CONFIG,
        key=f"{key}-curve",
        alt=f"{spec.kind} and its derivative from −{reach:g} to {reach:g}",
    )
    st.markdown(f"f({at}) = **{minus(y)}**, and f′({at}) = **{minus(slope)}**, by autograd.")
    return Shown(lesson.source, lesson.printed)


def show_normalisation(
    spec: Spec, arguments: Arguments, sample: Sample, output: TensorType, key: str
) -> Shown:
    """What is normalised together, and mean and deviation before and after."""
    lesson = normalisation.teach(spec, arguments, sample)
    st.markdown(f"Values are normalised together over **{lesson.axes}**.")
    with row_of_pictures():
        title = "Together with the first value (samples × channels)"
        show_grid(title, lesson.together, key=f"{key}-set", cell=34, digits=0)
    rows, columns = lesson.before["mean"].shape
    st.markdown(f"##### Each of the {rows * columns} sets, before and after")
    for when, found in (("before", lesson.before), ("after", lesson.after)):
        with row_of_pictures():
            for measure in normalisation.MEASURES:
                name = f"{measure.capitalize()} {when}"
                both = (lesson.before[measure], lesson.after[measure])
                show_grid(
                    name,
                    found[measure],
                    key=f"{key}-{name}",
                    signed=measure == "mean",
                    cell=44 if columns <= 8 else None,
                    reach=max(float(np.abs(each).max()) for each in both),
                )
    st.markdown("##### The first sample")
    for when, found in (("before", lesson.input), ("after", lesson.output)):
        show_grid(
            when.capitalize(), picture(found), key=f"{key}-first-{when}", signed=when == "after"
        )
    if output.rank != 3:
        return Shown(lesson.source, lesson.printed)
    comparison = normalisation.compare()
    _show_comparison(comparison, key)
    return Shown(
        f"{lesson.source}\n\n# The layers compared\n{comparison.source}",
        lesson.printed + comparison.printed,
    )


def _show_comparison(comparison: normalisation.Comparison, key: str) -> None:
    st.markdown("##### Which values each layer takes together: three samples × four channels")
    with row_of_pictures():
        for name, together in comparison.together.items():
            show_grid(name, together, key=f"{key}-{name}", cell=34, digits=0, numbered=False)
    st.markdown("##### How far their results are apart")
    show_grid(
        "Largest difference",
        comparison.differences,
        key=f"{key}-differences",
        names=[f"{name}  {at}" for at, name in enumerate(comparison.together, 1)],
        cell=44,
    )
    st.caption(
        "GroupNorm with one group does what LayerNorm does over channels, height and width; with "
        "a group for every channel it does what InstanceNorm does."
    )


def show_linear(
    spec: Spec, arguments: Arguments, sample: Sample, output: TensorType, key: str
) -> Shown:
    """The matrix product, and the same numbers by the three ways."""
    lesson = linear.teach(spec, arguments, sample)
    samples, features = lesson.x.shape
    outputs = output.shape[0]
    row, column = choose_place((samples, outputs), key, ("Sample", "Output feature"))
    with row_of_pictures():
        show_grid("x", lesson.x, [Box(row, 0, 1, features)], key=f"{key}-x", cell=38)
        show_grid(
            "× Wᵀ",
            lesson.weight.T,
            [Box(0, column, features)],
            key=f"{key}-w",
            signed=True,
            cell=38,
        )
        if lesson.bias is not None:
            bias = lesson.bias[None, :]
            show_grid("+ b", bias, [Box(0, column)], key=f"{key}-b", signed=True, cell=38)
        show_grid("= y", lesson.product, [Box(row, column)], key=f"{key}-y", signed=True, cell=38)
    st.code(linear.written_sum(lesson, row, column), language=None, wrap_lines=True)
    st.markdown("##### The same by a module of one's own, and by torch's")
    with row_of_pictures():
        for name, found in (("OwnLinear", lesson.own), ("nn.Linear", lesson.torch_says)):
            show_grid(name, found, [Box(row, column)], key=f"{key}-{name}", signed=True, cell=38)
    apart = f"{lesson.difference:.0e}" if lesson.difference else "0"
    st.markdown(f"Largest difference between the three: **{apart}**.")
    return Shown(lesson.source, lesson.printed)


def show_dropout(
    spec: Spec, arguments: Arguments, sample: Sample, output: TensorType, key: str
) -> Shown:
    """The input, and what becomes of it in training and in evaluation."""
    seed = choose("Draw (the seed)", 11, key, start=0)
    lesson = dropout.teach(spec, arguments, sample, seed)
    reach = max(float(np.abs(each).max()) for each in (lesson.input, lesson.training))
    with row_of_pictures():
        for name, found in (
            ("Input", lesson.input),
            ("In training", lesson.training),
            ("In evaluation", lesson.evaluation),
        ):
            signed = bool((found < 0).any())
            shown = picture(found)
            cell = 28 if shown.shape[1] <= 8 else None
            show_grid(name, shown, key=f"{key}-{name}", signed=signed, reach=reach, cell=cell)
    st.code(lesson.printed, language=None)
    return Shown(lesson.source, lesson.printed)


def show_influence(
    spec: Spec, arguments: Arguments, sample: Sample, output: TensorType, key: str
) -> Shown:
    """One output value, and every input value's part in it."""
    place = choose_place(output.shape, key)
    lesson = influence.teach(spec, arguments, sample, place)
    with row_of_pictures():
        show_grid(
            "Input",
            picture(lesson.input),
            key=f"{key}-in",
            digits=0 if lesson.slopes is None else 2,
            signed=bool((lesson.input < 0).any()),
        )
        shown = lesson.output if output.rank <= 2 else lesson.output[place[:-2]]
        at = place if output.rank <= 2 else place[-2:]
        channel = ", ".join(map(str, place[:-2]))
        title = f"Output, channel {channel}" if output.rank > 2 else "Output"
        show_grid(
            title,
            picture(shown),
            [box_at(shown, at)],
            key=f"{key}-out",
            signed=bool((lesson.output < 0).any()),
        )
    if lesson.slopes is None:
        return Shown(lesson.source, lesson.printed)
    count = np.count_nonzero(lesson.slopes)
    inputs = "input value" if count == 1 else "input values"
    st.markdown(
        f"The outlined value is **{minus(lesson.value)}** and depends on **{count}** {inputs}:"
    )
    show_grid(
        "How much it changes with each input (its derivative, by autograd)",
        picture(lesson.slopes),
        key=f"{key}-slopes",
        signed=True,
    )
    return Shown(lesson.source, lesson.printed)


VIEWS: dict[str, View] = {
    "convolution": show_convolution,
    "pooling": show_pooling,
    "padding": show_padding,
    "activations": show_activation,
    "normalisation": show_normalisation,
    "linear": show_linear,
    "dropout": show_dropout,
    "influence": show_influence,
}
"""The view of each lesson by its name."""
