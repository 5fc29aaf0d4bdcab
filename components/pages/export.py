"""The Export page."""

import streamlit as st


def export_page() -> None:
    st.title("Export")
