"""The command ``export``: the network as scripts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from builder.cli.data import is_file, keep_file
from builder.cli.options import make_recipe, recipe_options
from builder.cli.reading import read_network
from builder.cli.refusal import Refusal, unwritable

if TYPE_CHECKING:
    from builder.check import Report


@click.command()
@click.argument("network", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="The folder to write to."
)
@recipe_options
def export(network: Path, out: Path, **settings: Any) -> None:
    """Write model.py and train.py, plain PyTorch that needs nothing of this program."""
    from builder.check import check
    from builder.export.script import model_source
    from builder.lower import Faulty

    report = check(read_network(network))
    try:
        files = {"model.py": model_source(report)}
    except Faulty as error:
        raise Refusal(str(error)) from None
    reason = _add_training(files, report, settings)
    if reason and (out / "train.py").exists():
        raise Refusal(
            f"There can be no train.py: {reason} The one in {out} is another network's: remove it, "
            "or take another folder."
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (out / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise unwritable(out, error) from None
    click.echo(f"Wrote {' and '.join(files)} to {out}.", err=True)
    if reason:
        click.echo(f"There is no train.py: {reason}", err=True)


def _add_training(files: dict[str, str], report: Report, settings: dict[str, Any]) -> str | None:
    """Add train.py; where the network names no data that fits, say why it can't be."""
    from torch import get_num_threads

    from builder.export.script import NotTrainable, train_source

    chosen = settings["data"] is not None
    if chosen and is_file(settings["data"]):
        settings["data"] = keep_file(Path(settings["data"]))
    recipe = make_recipe(settings | {"data": settings["data"] or _own_data(report)})
    try:
        files["train.py"] = train_source(report, recipe, get_num_threads())
    except NotTrainable as error:
        if chosen:
            raise Refusal(str(error)) from None
        return str(error)
    return None


def _own_data(report: Report) -> str | None:
    """The data set that the network is meant for, or else the first that it fits."""
    from builder.datasets import DATA_SETS, known
    from builder.fit import fit

    if known(report.network.data):
        return report.network.data
    return next((name for name, each in DATA_SETS.items() if fit(report, each) is None), None)
