"""The Export page: the network as code, weights, JSON, diagram and table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import streamlit as st

from builder.check import Report, check
from builder.datasets import OWN, DataError, known, own
from builder.export.diagram import FORMATS, draw, missing_program, render
from builder.export.script import NotTrainable, model_source, train_source
from builder.export.table import layer_table, table_csv
from builder.recipe import Recipe
from builder.schema import dumps
from builder.store import StoreError
from builder.training.runs import RunView
from components import session
from components.links import link_to
from components.plain import plain_text
from components.run_panel import metric_of_run


@dataclass(frozen=True)
class Source:
    """What is exported: the network as it is now, or as a run trained it."""

    report: Report
    recipe: Recipe
    run: RunView | None = None


def export_page() -> None:
    """Take the network away as code that does exactly what the app does."""
    if not session.network().blocks:
        st.info("There is nothing to export yet: the network has no layers.")
        link_to("build", "Go to the Build page")
        return
    source = choose_source()
    for tab, show in zip(st.tabs(list(TABS), on_change="rerun"), TABS.values(), strict=True):
        if tab.open:
            with tab:
                show(source)


def choose_source() -> Source:
    """The network as it is now, or one of its runs with the network that was trained."""
    now = Source(session.report(), session.recipe())
    views = past_runs()
    if not views:
        return now
    labels = {view.id: describe_run(view) for view in views} | {"now": "The network as it is now"}
    newest = views[0]
    asked: str | None = session.kept("export-asked", {}).get(newest.id)
    suggested = newest.id if newest.network == session.network() else "now"
    chosen = st.selectbox(
        "What to export",
        list(labels),
        index=list(labels).index(asked if asked in labels else suggested),
        format_func=labels.__getitem__,
        key=f"export-source-{newest.id}-{asked}",
    )
    view = next((view for view in views if view.id == chosen), None)
    return Source(check(view.network), view.recipe, view) if view else now


def ask_for(run_id: str) -> None:
    """Let the page begin with this run, until there is a newer one."""
    if views := past_runs():
        session.kept("export-asked", {})[views[0].id] = run_id


def past_runs() -> list[RunView]:
    """The runs of this network that have ended and can be read, newest first."""
    views = []
    for record in session.runs().list_runs(session.network_id()):
        try:
            view = session.runs().view(record.id)
        except StoreError:
            continue  # a run of a newer program, or a damaged one: nothing to export
        if view and not view.active:
            views.append(view)
    return views


def describe_run(view: RunView) -> str:
    """A run in one line: when, what data, how far, how well."""
    when = datetime.fromtimestamp(view.created).strftime("%d %b %H:%M:%S")
    done = f"{len(view.epochs)} of {view.recipe.epochs} epochs"
    metric = metric_of_run(view)
    best = f", {metric.title} {metric.words(view.epochs[-1].val_metric)}" if view.epochs else ""
    data_set = known(view.recipe.data)
    data = data_set.title if re.fullmatch(OWN, view.recipe.data) and data_set else view.recipe.data
    return f"{view.title} of {when}: {data}, {done}{best}"


def show_model(source: Source) -> None:
    """The network as an ``nn.Sequential``."""
    if not buildable(source):
        return
    show_code(model_source(source.report), "model.py")


def show_training(source: Source) -> None:
    """A script that repeats the run by itself."""
    if not buildable(source):
        return
    threads = source.run.started.threads if source.run and source.run.started else None
    try:
        code = train_source(source.report, source.recipe, threads)
    except NotTrainable as error:
        st.warning(plain_text(str(error)))
        link_to("train", "Choose other data on the Train page")
        return
    what = "the run" if source.run else "a run with the recipe of the Train page"
    st.caption(f"Repeats {what}: on a CPU with the same loss in every epoch, to the last bit.")
    show_original(source.recipe.data)
    show_code(code, "train.py")


def show_original(data: str) -> None:
    """The file of own data, which the script reads beside itself."""
    if not re.fullmatch(OWN, data):
        return
    try:
        path = own.original(data)
        content = path.read_bytes()
    except (DataError, OSError):
        st.warning("The file of this data is gone; the script needs it beside itself.")
        return
    st.download_button(
        f"Download {path.name}", content, path.name, icon=":material/download:", on_click="ignore"
    )


def buildable(source: Source) -> bool:
    """Whether there is code to show; says why not."""
    if source.report.ok:
        return True
    st.warning("The network has faults, so there is no code for it yet.")
    for issue in source.report.issues:
        label = source.report.blocks[issue.block].block.label if issue.block else "The network"
        st.markdown(f"- **{label}**: {plain_text(issue.message)}")
    link_to("build", "Mend them on the Build page")
    return False


def show_code(code: str, name: str) -> None:
    """A source file with highlighting, to copy and to download."""
    st.download_button(
        f"Download {name}",
        code,
        name,
        "text/x-python",
        icon=":material/download:",
        on_click="ignore",
        key=name,
    )
    st.code(code, language="python", line_numbers=True)


def show_weights(source: Source) -> None:
    """The files with a run's weights, and how to load them."""
    files = {
        suffix: session.runs().weights(source.run.id, suffix) if source.run else None
        for suffix in ("pt", "safetensors")
    }
    found = {suffix: path for suffix, path in files.items() if path}
    if not found:
        st.info("Choose a run that has trained to take its weights. The Train page makes one.")
        link_to("train", "Go to the Train page")
        return
    with st.container(horizontal=True):
        for suffix, path in found.items():
            st.download_button(
                f"Download weights.{suffix}",
                path.read_bytes(),
                f"weights.{suffix}",
                icon=":material/download:",
                on_click="ignore",
                key=f"weights-{suffix}",
            )
    st.code(
        "import torch\n\nfrom model import model\n\n"
        'model.load_state_dict(torch.load("weights.pt", weights_only=True))\nmodel.eval()\n\n'
        "# or, with the safetensors package:\n"
        "# from safetensors.torch import load_file\n"
        '# model.load_state_dict(load_file("weights.safetensors"))\n',
        language="python",
    )


def show_document(source: Source) -> None:
    """The network as JSON, which the Build page and the command line open."""
    text = dumps(source.report.network)
    st.download_button(
        "Download network.json",
        text,
        "network.json",
        "application/json",
        icon=":material/download:",
        on_click="ignore",
    )
    st.caption("Open it again on the Build page, or check and train it on the command line.")
    st.code(text, language="json", height=520)


def show_diagram(source: Source) -> None:
    """The network as a drawing with shapes on its edges."""
    with st.container(horizontal=True, vertical_alignment="center"):
        missing = missing_program()
        if missing:
            st.caption(missing)
        for suffix in () if missing else FORMATS:
            st.download_button(
                f"Download {suffix.upper()}",
                partial(render, source.report, suffix),
                f"network.{suffix}",
                icon=":material/download:",
                on_click="ignore",
                key=f"diagram-{suffix}",
            )
    dark = st.context.theme.type == "dark"
    with st.container(horizontal_alignment="center"):
        st.graphviz_chart(draw(source.report, dark=dark), width="content")


def show_table(source: Source) -> None:
    """Every layer in a row; columns that would be all alike, or say nothing new, are left out."""
    table = layer_table(source.report)
    alike = [name for name in ("depth", "state", "note") if table[name].nunique() < 2]
    if table["trainable"].equals(table["parameters"]):
        alike.append("trainable")
    titles = {name: st.column_config.Column(name.capitalize()) for name in table.columns}
    for name in ("parameters", "trainable", "madds", "activations"):
        titles[name] = st.column_config.NumberColumn(name.capitalize(), format="localized")
    titles["share"] = st.column_config.NumberColumn("Share", format="percent")
    st.download_button(
        "Download layers.csv",
        table_csv(source.report),
        "layers.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    st.dataframe(
        table.drop(columns=alike),
        hide_index=True,
        width="stretch",
        height="content",
        column_config=titles,
    )


TABS = {
    "model.py": show_model,
    "train.py": show_training,
    "Weights": show_weights,
    "Network (JSON)": show_document,
    "Diagram": show_diagram,
    "Layers": show_table,
}
"""What each tab shows; only the open one is made."""
