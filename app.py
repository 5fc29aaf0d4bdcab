"""Stackyard: build, check, train and export PyTorch networks in the browser."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from components import links, session

st.set_page_config(page_title="Stackyard", page_icon=":material/stacks:", layout="wide")
st.html(Path(__file__).parent / "components" / "style.css")
session.warm_up()
page = st.navigation([links.page(name) for name in links.ICONS], position="top")
session.workspace()
page.run()
