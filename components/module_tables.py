"""The module tree and the parameters as tables, with the code that lists them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd
import streamlit as st

from builder.document import Network
from builder.export.inventory import module_table, parameter_table
from builder.see import Query, model_of

MODULES_CODE = """\
for path, module in model.named_modules():
    print(path, type(module).__name__)
"""
PARAMETERS_CODE = """\
for name, parameter in model.named_parameters():
    print(name, tuple(parameter.shape), parameter.numel(), parameter.requires_grad)
"""
LONGEST = 480


@lru_cache(4)
def _tables(network: Network, seed: int, weights: Path | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    model = model_of(Query(network, seed, weights))
    return module_table(model), parameter_table(model)


def show_modules(query: Query) -> None:
    """Every module by its path."""
    modules = _tables(query.network, query.seed, query.weights)[0]
    st.markdown("**Modules**")
    st.code(MODULES_CODE, language="python")
    counted = st.column_config.NumberColumn
    _show(
        modules,
        {
            "path": "Path",
            "class": "Class",
            "own": counted("Own parameters", format="localized"),
            "parameters": counted("With all it holds", format="localized"),
        },
    )


def show_parameters(query: Query) -> None:
    """Every parameter with its size and what its numbers are like."""
    parameters = _tables(query.network, query.seed, query.weights)[1]
    total = f"{parameters['count'].sum():,} numbers in {len(parameters)} tensors"
    if frozen := parameters.loc[~parameters["trained"], "count"].sum():
        total += f", {frozen:,} of them frozen"
    st.markdown(f"**Parameters**: {total}")
    st.code(PARAMETERS_CODE, language="python")
    number = {
        name: st.column_config.NumberColumn(name, format="%.4g")
        for name in ("mean", "std", "min", "max")
    }
    about = {
        "name": "Name",
        "shape": "Shape",
        "count": st.column_config.NumberColumn("Count", format="localized"),
        "trained": st.column_config.CheckboxColumn("Trained", help="Not where the layer is frozen"),
        "dtype": "Type",
    }
    _show(parameters, about | number)


def _show(table: pd.DataFrame, columns: dict[str, object]) -> None:
    tall = 35 * (len(table) + 1) + 2
    height = "content" if tall < LONGEST else LONGEST
    st.dataframe(table, hide_index=True, height=height, column_config=columns)
