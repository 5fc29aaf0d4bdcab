"""The option ``--data``: a data set's name, fetched if need be, or a file of one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.cli.refusal import Refusal

if TYPE_CHECKING:
    from builder.datasets import DataSet

SUFFIXES = (".csv", ".tsv", ".txt", ".zip", ".npz")
SIDE = 32
"""Height and width of pictures at most, which the Train page lets a person choose."""


def ready(data: str) -> str:
    """The id of the data set, its samples at hand; Refusal when they can't be."""
    if is_file(data):
        return keep_file(Path(data))
    from builder.datasets import DataError, absence, known

    data_set = known(data)
    if data_set and data_set.files and absence(data_set):
        try:
            _fetch(data_set)
        except DataError as error:
            raise Refusal(str(error)) from None
    return data


def is_file(data: str) -> bool:
    """Whether this names a file, by how it ends."""
    return data.lower().endswith(SUFFIXES)


def keep_file(path: Path) -> str:
    """Keep a file as own data, read as its content suggests; what is done is told."""
    from builder.datasets import DataError, own, pictures, stored, table

    try:
        data = path.read_bytes()
        match path.suffix.lower():
            case ".zip":
                found = pictures.look(data)
                height, width = (min(side, SIDE) for side in found.size)
                plan = pictures.make_plan(found, path.name, (height, width), found.colour)
                kept = own.keep(plan, data, pictures.read_test(found, data, plan))
            case ".npz":
                plan = stored.look(data, path.name)
                kept = own.keep(plan, data)
            case _:
                plan = table.suggest_plan(table.look(data), path.name)
                kept = own.keep(plan, data)
    except OSError as error:
        raise Refusal(f"Can't read {str(path)!r}: {error.strerror or error}.") from None
    except DataError as error:
        raise Refusal(str(error)) from None
    for line in (f"{plan.summary}.", *plan.told):
        click.echo(line, err=True)
    return kept


def _fetch(data_set: DataSet) -> None:
    from builder.datasets.fetch import fetch, total

    label, screen = f"Downloading {data_set.title}", sys.stderr
    with click.progressbar(length=total(data_set), label=label, file=screen) as bar:
        fetch(data_set, lambda done, size: bar.update(done - bar.pos))
