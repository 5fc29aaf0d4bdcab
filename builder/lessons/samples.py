"""Small real inputs for the lessons: digits, a photograph, flowers with their code."""

from __future__ import annotations

from dataclasses import dataclass

from builder.document import TensorType

DIGITS = "from sklearn.datasets import load_digits"
IRIS = "from sklearn.datasets import load_iris"


@dataclass(frozen=True)
class Sample:
    """An input: its name, the lines that make the batch ``x``, and the type of one sample."""

    id: str
    title: str
    needs: str
    lines: tuple[str, ...]
    given: TensorType


def _digits(id_: str, title: str, index: str, shape: tuple[int, ...]) -> Sample:
    line = f"x = torch.tensor(load_digits().images / 16, dtype=torch.float32)[{index}]"
    return Sample(id_, title, DIGITS, (line,), TensorType(shape))


DIGIT = _digits("digit", "A digit", ":1, None", (1, 8, 8))
FOUR = _digits("four", "Four digits as channels", "None, :4", (4, 8, 8))
ROWS = _digits("rows", "A digit, row by row", ":1", (8, 8))
ROW = _digits("row", "One row of a digit", ":1, 2:3", (1, 8))
VOLUME = _digits("volume", "Four digits as a volume", "None, None, :4", (1, 4, 8, 8))
VOLUMES = Sample(
    "volumes",
    "Eight digits as four volumes",
    DIGITS,
    (
        "images = torch.tensor(load_digits().images / 16, dtype=torch.float32)",
        "x = images[:8].reshape(1, 4, 2, 8, 8)",
    ),
    TensorType((4, 2, 8, 8)),
)
PHOTO = Sample(
    "photo",
    "A photograph in colour",
    "from sklearn.datasets import load_sample_image",
    (
        'photo = torch.tensor(load_sample_image("flower.jpg") / 255, dtype=torch.float32)',
        "crop = photo.permute(2, 0, 1)[None, :, 30:414, 150:534]",
        "x = nn.functional.avg_pool2d(crop, 48)",
    ),
    TensorType((3, 8, 8)),
)
FLOWERS = Sample(
    "flowers",
    "Five flowers, four measures each",
    IRIS,
    ("x = torch.tensor(load_iris().data, dtype=torch.float32)[::30]",),
    TensorType((4,)),
)
TOKENS = Sample(
    "tokens",
    "Four tokens",
    DIGITS,
    ("x = torch.tensor(load_digits().target)[None, :4]",),
    TensorType((4,), "int64"),
)

SAMPLES = (DIGIT, PHOTO, FOUR, ROWS, ROW, FLOWERS, VOLUME, TOKENS)


def _batch(id_: str, title: str, shape: tuple[int, ...]) -> Sample:
    size = ", ".join(map(str, shape))
    line = f"x = images[:{_count(shape)}].reshape({size})"
    read = "images = torch.tensor(load_digits().images / 16, dtype=torch.float32)"
    return Sample(id_, title, DIGITS, (read, line), TensorType(shape[1:]))


def _count(shape: tuple[int, ...]) -> int:
    """How many digits of 8×8 fill this shape."""
    total = 1
    for size in shape:
        total *= size
    return total // 64


BATCHES = (
    _batch("batch-images", "Three images, four digits as channels", (3, 4, 8, 8)),
    _batch("batch-sequences", "Four digits, rows as channels", (4, 8, 8)),
    FLOWERS,
    _batch("batch-volumes", "Three volumes of two channels", (3, 2, 2, 8, 8)),
)
"""Several samples each, for what looks at a whole batch."""
