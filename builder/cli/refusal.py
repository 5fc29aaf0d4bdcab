"""How a command says no: one plain sentence on standard error, exit status 2."""

from __future__ import annotations

from pathlib import Path

import click


class Refusal(click.ClickException):
    """A command that can't do what it was asked; the message says why."""

    exit_code = 2


def unwritable(path: Path, error: OSError) -> Refusal:
    """The refusal for a file or folder that can't be written."""
    return Refusal(f"Can't write {str(path)!r}: {error.strerror or error}.")
