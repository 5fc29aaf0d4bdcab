"""Which weights and which data the Build page shows a sample with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from builder.check import Report
from builder.datasets import present
from builder.document import Network
from builder.recipe import Recipe
from builder.see import Query, fitting
from builder.training.runs import RunView
from components import session
from components.canvas.seeing import Seeing
from components.canvas.seen import Subject
from components.inspect_choice import same_layers, trained_runs
from components.pages.export import describe_run


def choose_subject(seeing: Seeing, report: Report) -> Subject:
    """What is to be seen of this network.

    The weights are those of the newest run of just these layers, unless the initial ones are
    asked for; the data are that run's, else the network's own, else those chosen for training. A
    network that none of them fits is given random numbers.
    """
    network = report.network
    found = newest_fitting_run(network) if report.ok else None
    words = describe_run(found[0]) if found else None
    if found and seeing.weights == "trained":
        view, path = found
        query = Query(network, view.recipe.seed, path, view.recipe, seeing.sample)
    else:
        recipe = choose_recipe(network)
        query = Query(network, session.recipe().seed, None, recipe, seeing.sample)
    if query.recipe and not fitting(query.recipe, network):
        query = replace(query, recipe=None)
    return Subject(query, words)


def newest_fitting_run(network: Network) -> tuple[RunView, Path] | None:
    """The newest ended run of just these layers whose weights are kept, and their file."""
    runs = trained_runs().values()
    return next((each for each in runs if same_layers(each[0].network, network)), None)


def choose_recipe(network: Network) -> Recipe | None:
    """How a sample is prepared for this network; None where no data set that is chosen fits."""
    chosen = session.recipe()
    own = replace(chosen, data=network.data) if present(network.data) else chosen
    return next((each for each in (own, chosen) if fitting(each, network)), None)
