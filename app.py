"""Stackyard: build, check, train and export PyTorch networks in the browser."""

from __future__ import annotations

import streamlit as st
from components.pages.train import train_page

from components import session
from components.pages.build import build_page
from components.pages.export import export_page

st.set_page_config(page_title="Stackyard", page_icon=":material/stacks:", layout="wide")
session.warm_up()
page = st.navigation(
    [
        st.Page(
            build_page, title="Build", icon=":material/stacks:", url_path="build", default=True
        ),
        st.Page(train_page, title="Train", icon=":material/monitoring:", url_path="train"),
        st.Page(export_page, title="Export", icon=":material/code:", url_path="export"),
    ],
    position="top",
)
session.workspace()
page.run()
