"""The commands that need no network: ``layers`` and ``new``; they start without torch."""

from __future__ import annotations

import json
from pathlib import Path

import click

from builder.catalogue import CATALOGUE, categories
from builder.cli.columns import align
from builder.cli.refusal import Refusal, unwritable
from builder.templates import TEMPLATES


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Every argument of every layer, as JSON.")
def layers(as_json: bool) -> None:
    """List the layers that a network can be made of."""
    if as_json:
        shelves = [{"name": name, "kinds": kinds} for name, kinds in categories().items()]
        kinds = {kind: spec.describe() for kind, spec in CATALOGUE.items()}
        click.echo(json.dumps({"categories": shelves, "kinds": kinds}, indent=2))
        return
    rows = [(spec.kind, spec.category, spec.summary) for spec in CATALOGUE.values()]
    click.echo("\n".join(align(rows)))


@click.command()
@click.argument("template", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="The file to write.")
def new(template: str | None, out: Path | None) -> None:
    """Write the network TEMPLATE as JSON; without a name, list the templates."""
    if template is None:
        rows = [(each.id, each.title, each.summary) for each in TEMPLATES.values()]
        click.echo("\n".join(align(rows)))
        return
    if template not in TEMPLATES:
        raise Refusal(f"There is no template {template!r}: take one of {', '.join(TEMPLATES)}.")
    from builder.schema import dumps

    text = dumps(TEMPLATES[template].network())
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise unwritable(out, error) from None
    click.echo(f"The network is in {out}.", err=True)
