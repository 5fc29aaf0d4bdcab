"""The part of the data card where a person hands in data of their own."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from builder.datasets import DataError, own, pictures, stored, table
from builder.datasets.own import Plan
from builder.operations import Rejected
from builder.store import StoreError
from components import session
from components.plain import plain_text

TYPES = ["csv", "tsv", "txt", "zip", "npz"]


def show_upload(key: str) -> None:
    """Take a file, show what was found in it and the choices there are, and keep it when asked."""
    round_number = session.kept(f"uploads-{key}", [0])
    with st.expander("Use data of your own", icon=":material/upload_file:"):
        st.caption(
            "A CSV table; a zip file of pictures, in a folder for each class or with a CSV file of "
            "names and labels; or an .npz file with x and y. Who has this network's link can use "
            "the data too."
        )
        name = f"{key}-upload-{round_number[0]}"
        given = st.file_uploader("Your file", TYPES, key=name)
        if given is None:
            return
        try:
            data = given.getvalue()
            plan, test = _plan(given.name, data, name)
            _say(plan)
            if st.button("Use this data", type="primary", key=f"{name}-use"):
                session.add_data(own.keep(plan, data, test() if test else None))
                round_number[0] += 1
                st.rerun()
        except (DataError, StoreError, Rejected) as error:
            st.error(plain_text(str(error)), icon=":material/error:")


def _plan(name: str, data: bytes, key: str) -> tuple[Plan, Any]:
    """How to read the file as chosen, and what makes the test set if there is one."""
    match name.lower().rpartition(".")[2]:
        case "zip":
            found = _look_at_pictures(data)
            plan = _choose_pictures(found, name, key)
            return plan, lambda: pictures.read_test(found, data, plan)
        case "npz":
            return stored.look(data, name), None
        case _:
            return _choose_table(data, name, key), None


@st.cache_data(max_entries=8, show_spinner="Looking at the pictures …")
def _look_at_pictures(data: bytes) -> pictures.Pictures:
    return pictures.look(data)


@st.cache_data(max_entries=8, show_spinner="Looking at the table …")
def _look_at_table(data: bytes, sep: str | None, header: bool | None) -> table.Table:
    return table.look(data, sep, header)


def _choose_pictures(found: pictures.Pictures, name: str, key: str) -> Plan:
    counts = ", ".join(f"{plain_text(label)} ({count:,})" for label, count in found.counts.items())
    st.caption(f"**Found**: {counts}")
    height, width = (min(side, pictures.SIDE_LIMIT) for side in found.size)
    with st.container(horizontal=True):
        limits: dict[str, Any] = {"min_value": 1, "max_value": pictures.SIDE_LIMIT}
        tall = st.number_input("Height", value=min(height, 32), key=f"{key}-height", **limits)
        wide = st.number_input("Width", value=min(width, 32), key=f"{key}-width", **limits)
        colours = ["Colour", "Grey"]
        index = 0 if found.colour else 1
        colour = st.selectbox("Colours", colours, index=index, key=f"{key}-colour")
    return pictures.make_plan(found, name, (int(tall), int(wide)), colour == "Colour")


def _choose_table(data: bytes, name: str, key: str) -> Plan:
    with st.container(horizontal=True):
        sep = st.selectbox(
            "Delimiter",
            [None, *table.DELIMITERS],
            format_func=lambda each: table.DELIMITERS.get(each, "Found out"),
            key=f"{key}-sep",
        )
        header = st.selectbox(
            "First row",
            [None, True, False],
            format_func=lambda each: {None: "Found out", True: "Names", False: "Data"}[each],
            key=f"{key}-header",
        )
    found = _look_at_table(data, sep, header)
    st.caption(
        f"**Found**: {len(found.cells):,} rows, {len(found.columns)} columns, with a "
        f"{table.DELIMITERS[found.sep]} between them; the first row holds "
        f"{'their names' if found.header else 'data'}."
    )
    return _choose_columns(found, name, f"{key}-{found.sep}-{found.header}")


def _choose_columns(found: table.Table, name: str, key: str) -> Plan:
    names = [each.name for each in found.columns]
    with st.container(horizontal=True):
        target = st.selectbox("To predict", names, index=len(names) - 1, key=f"{key}-target")
        kinds = ["classes", "numbers"]
        index = kinds.index(table.suggest_kind(found, target))
        kind = st.selectbox("As", kinds, index=index, key=f"{key}-kind-{target}")
    edited = st.data_editor(
        tabulate_columns(found, target),
        hide_index=True,
        height=min(37 + 35 * (len(names) - 1), 248),
        disabled=["Column", "Gaps", "Values"],
        column_config={
            "Use": st.column_config.SelectboxColumn(
                options=["number", "text", "unused"], required=True
            )
        },
        key=f"{key}-uses-{target}",
    )
    uses = dict(zip(edited["Column"], edited["Use"], strict=True))
    fill = True
    if any(found.column(each).gaps for each, use in uses.items() if use != "unused"):
        choices = ["Fill them", "Leave those rows out"]
        fill = st.selectbox("Gaps", choices, key=f"{key}-fill") == choices[0]
    return table.make_plan(found, name, target, kind, uses, fill)


def tabulate_columns(found: table.Table, target: str) -> pd.DataFrame:
    """Every column but the target: what it is used as, its gaps, its different values."""
    rows = [
        (each.name, each.use, each.gaps, each.distinct)
        for each in found.columns
        if each.name != target
    ]
    return pd.DataFrame(rows, columns=["Column", "Use", "Gaps", "Values"])


def _say(plan: Plan) -> None:
    """What will be done, in words."""
    if plan.told:
        st.caption("\n".join(f"- {plain_text(each)}" for each in plan.told))
