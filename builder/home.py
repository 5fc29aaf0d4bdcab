"""Where this program keeps what must last."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The folder for the database, runs and data: ``$STACKYARD_HOME`` or ``.stackyard``."""
    return Path(os.environ.get("STACKYARD_HOME") or ".stackyard").resolve()


def data_folder(data_set_id: str) -> Path:
    """The folder for the files of a data set that is fetched, or a person's own."""
    return home() / "data" / data_set_id
