"""The command line: the library without a browser."""

from __future__ import annotations

import os
import sys

import click

from builder.cli.catalogue import layers, new
from builder.cli.check import check
from builder.cli.export import export
from builder.cli.train import train
from builder.training.process import THREADS_REST


@click.group(epilog="`python -m builder COMMAND --help` tells more about each of them.")
def commands() -> None:
    """Check, export and train networks without a browser.

    \b
    Examples:
      python -m builder new                              list the templates
      python -m builder new lenet5 --out net.json        start from one
      python -m builder check net.json                   shapes, parameters, faults
      python -m builder train net.json --data digits --epochs 3 --seed 0
      python -m builder export net.json --out lenet5     model.py and train.py

    \b
    Exit status:
      0  it worked; for check: the network has no faults
      1  for check: the network has faults
      2  it could not be done; standard error says why
    """


for _command in (layers, new, check, export, train):
    commands.add_command(_command)


def main() -> None:
    """Run the command line; whatever goes wrong is a sentence, never a traceback.

    With STACKYARD_DEBUG set in the environment, an unforeseen error is shown whole.
    """
    for name, value in THREADS_REST.items():
        os.environ.setdefault(name, value)  # torch reads it when a command first imports it
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="replace")
    try:
        commands(prog_name="python -m builder")
    except Exception as error:
        if os.environ.get("STACKYARD_DEBUG"):
            raise
        what = str(error).strip().splitlines()
        reason = f"{type(error).__name__}{': ' + what[0] if what else ''}"
        click.echo(f"Error: This is a fault of Stackyard itself: {reason}", err=True)
        sys.exit(2)
