"""A recipe's choices as lines of ``train.py``: loss, optimiser, schedule, and how they are used."""

from __future__ import annotations

from typing import Any

from builder.catalogue.spec import Call
from builder.export.calls import argument, literal
from builder.export.layout import Node, write
from builder.recipe import Recipe

TRAINABLE = "trainable = [each for each in model.parameters() if each.requires_grad]"
RIGHT = {
    "logits": "outputs.argmax(1) == y",
    "log-probabilities": "outputs.argmax(1) == y",
    "logit": "(outputs > 0) == (y > 0.5)",
}
"""Which samples are right, by what the loss is given."""


def choices(recipe: Recipe, frozen: bool) -> dict[str, Any]:
    """What the template needs to know of a recipe besides the recipe itself."""
    loss, moves = recipe.loss_spec, recipe.device != "cpu"
    schedule = recipe.schedule_call(recipe.batches_per_epoch)
    return {
        "loss": loss,
        "numbers": loss.given not in RIGHT,
        "right": RIGHT.get(loss.given),
        "moves": moves,
        "where": "device" if moves else literal("cpu"),
        "learning_rate": literal(recipe.optimiser_arguments["lr"]),
        "loss_function": _line("loss_function", recipe.loss_call),
        "optimiser": _optimiser(recipe, frozen),
        "schedule": _line("schedule", schedule, Node("optimiser")) if schedule else None,
    }


def _optimiser(recipe: Recipe, frozen: bool) -> str:
    """The lines that make the optimiser; the learning rate is among the settings."""
    call = recipe.optimiser_call
    others = Call(call.target, tuple(each for each in call.arguments if each[0] != "lr"))
    parameters = Node("trainable" if frozen else "model.parameters()")
    line = _line("optimiser", others, parameters, Node("lr=learning_rate"))
    return f"{TRAINABLE}\n{line}" if frozen else line


def _line(name: str, call: Call, *first: Node) -> str:
    """``name = target(first, argument=value, …)``."""
    items = (*first, *(argument(name, value) for name, value in call.arguments))
    return "\n".join(write(Node(f"{name} = {call.target}(", items, ")")))
