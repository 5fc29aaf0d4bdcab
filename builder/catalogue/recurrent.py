"""Recurrent layers: one step of a sequence after the other, with a memory."""

from __future__ import annotations

from builder.catalogue import formulas, madds
from builder.catalogue.kinds import Flag, Integer, Number, OneOf
from builder.catalogue.rules import BATCH_FIRST, FEATURES, SEQUENCES, batch_first
from builder.catalogue.spec import Accepts, Arguments, Call, Change, Parameter, Problem, Spec
from builder.document import TensorType

OUTPUT = Parameter(
    "output",
    OneOf(("sequence", "last")),
    "sequence",
    "What goes on to the next layer: every step, or the state after the last one.",
    own=True,
)
NONLINEARITY = Parameter(
    "nonlinearity", OneOf(("tanh", "relu")), "tanh", "Activation of each step.", more=True
)
PROJ_SIZE = Parameter(
    "proj_size",
    Integer(minimum=0),
    0,
    "Features that the outputs are projected to; 0 for none.",
    more=True,
)


def _width(arguments: Arguments) -> int:
    features = arguments.get("proj_size") or arguments["hidden_size"]
    return int(features) * (2 if arguments["bidirectional"] else 1)


def _gives(arguments: Arguments, given: TensorType) -> tuple[int, ...]:
    steps = given.shape[:1] if arguments["output"] == "sequence" else ()
    return (*steps, _width(arguments))


def _projection_is_smaller(arguments: Arguments, given: TensorType) -> Problem | None:
    size, hidden = int(arguments["proj_size"]), int(arguments["hidden_size"])
    if size < hidden:
        return None
    return Problem(
        "projection",
        f"proj_size={size} must be smaller than hidden_size={hidden}.",
        "Set proj_size to 0",
        Change("proj_size", 0),
    )


def _compose(arguments: Arguments, layer: Call) -> Call:
    return Call("parts.Recurrent", (("output", arguments["output"]),), (("layer", layer),))


def _recurrent(kind: str, summary: str, *keywords: str) -> Spec:
    lstm, plain = kind == "LSTM", kind == "RNN"
    return Spec(
        kind=kind,
        category="Sequence",
        target=f"nn.{kind}",
        summary=summary,
        keywords=("recurrent", "sequence", "time series", *keywords),
        accepts=SEQUENCES,
        parameters=(
            Parameter("input_size", Integer(), help="Features of a step.", follows=FEATURES),
            Parameter("hidden_size", Integer(), help="Features of the memory.", initial=64),
            OUTPUT,
            Parameter("num_layers", Integer(maximum=1000), 1, "Layers on top of one another."),
            *((NONLINEARITY,) if plain else ()),
            Parameter("bias", Flag(), True, "Add learned numbers in every step.", more=True),
            BATCH_FIRST,
            Parameter(
                "dropout",
                Number(minimum=0, maximum=1),
                0.0,
                "Dropout between stacked layers.",
                more=True,
            ),
            Parameter("bidirectional", Flag(), False, "Go through the sequence both ways."),
            *((PROJ_SIZE,) if lstm else ()),
        ),
        rules=(batch_first, *((_projection_is_smaller,) if lstm else ())),
        gives=_gives,
        brief=lambda a: f"{a['input_size']} → {_width(a)} features, {a['output']}",
        compose=_compose,
        madds=madds.recurrent(kind),
        arithmetic=(formulas.recurrent(kind),),
    )


def _index_in_table(arguments: Arguments, given: TensorType) -> Problem | None:
    index, count = arguments["padding_idx"], int(arguments["num_embeddings"])
    if index is None or -count <= index < count:
        return None
    return Problem(
        "padding-idx",
        f"padding_idx={index} is none of the {count} entries, which are numbered from 0.",
        "Set padding_idx to None",
        Change("padding_idx", None),
    )


ENTRIES = (
    Spec(
        kind="Embedding",
        category="Sequence",
        target="nn.Embedding",
        summary="Looks up a learned vector for every whole number, such as a word's.",
        keywords=("lookup", "token", "word", "vocabulary", "text"),
        accepts=Accepts(tuple(range(1, 8)), "whole numbers (N, L)", "int64"),
        parameters=(
            Parameter(
                "num_embeddings",
                Integer(),
                help="How many numbers there are, from 0 on.",
                initial=1000,
            ),
            Parameter("embedding_dim", Integer(), help="Features of a vector.", initial=64),
            Parameter(
                "padding_idx",
                Integer(minimum=None, nullable=True),
                None,
                "A number whose vector stays as it is, for filling up sequences.",
                more=True,
            ),
            Parameter(
                "max_norm",
                Number(above=0, nullable=True),
                None,
                "Vectors longer than this are shortened.",
                more=True,
            ),
            Parameter("norm_type", Number(above=0), 2.0, "The p of max_norm's p-norm.", more=True),
            Parameter(
                "scale_grad_by_freq",
                Flag(),
                False,
                "Divide gradients by how often a number is in the batch.",
                more=True,
            ),
            Parameter(
                "sparse",
                Flag(),
                False,
                "Sparse gradients, which only some optimisers take (SGD, Adagrad).",
                more=True,
            ),
        ),
        rules=(_index_in_table,),
        brief=lambda a: f"{a['num_embeddings']} × {a['embedding_dim']}",
        arithmetic=(formulas.vectors,),
    ),
    _recurrent("RNN", "A memory that every step mixes with its input."),
    _recurrent("LSTM", "A memory with gates for what to forget, add and show.", "long short-term"),
    _recurrent("GRU", "A memory with two gates: an LSTM with fewer numbers.", "gated"),
)
