"""Stackyard: build, check, train and export PyTorch networks in the browser."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from builder.store import StoreError
from components import links, session, warming
from components.plain import plain_text

HERE = Path(__file__).parent / "components"

st.set_page_config(page_title="Stackyard", page_icon=HERE / "icon.png", layout="wide")
st.logo(HERE / "logo.svg", size="large")
st.html(HERE / "style.css")
warming.warm_up()
page = st.navigation([links.page(name) for name in links.ICONS], position="top")
try:
    session.workspace()
    page.run()
except StoreError as error:
    st.error(plain_text(str(error)), icon=":material/cloud_off:")
    with st.container(horizontal=True):
        st.button("Try again", icon=":material/refresh:")
        st.button("Begin a new network", icon=":material/add:", on_click=session.start_new)
