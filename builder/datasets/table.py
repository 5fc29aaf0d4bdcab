"""Look at a CSV file: its delimiter, header and columns, and a plan of how to learn from it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from builder.datasets.archive import check_size
from builder.datasets.entry import DataError, Target
from builder.datasets.own import VALUES_LIMIT, Plan, plain_name

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
ROWS_LIMIT = 2_000_000
COLUMNS_LIMIT = 2_000
WORDS_LIMIT = 50
"""How many words a column of text may have to become columns of 0 and 1."""
CLASSES_LIMIT = 1000
FEW = 20
"""So many whole numbers or fewer are taken for classes unless told otherwise."""

COUNTED = ("id", "index", "unnamed: 0", "row", "number")
"""What columns are called that only count the rows."""

Use = Literal["number", "text", "unused"]


@dataclass(frozen=True)
class Column:
    """A column: its name, what it seems to be, how many gaps and how many different values."""

    name: str
    use: Use
    gaps: int
    distinct: int
    numeric: bool


@dataclass(frozen=True)
class Table:
    """How a file is to be read, and what it then holds: all cells as text."""

    sep: str
    encoding: str
    header: bool
    decimal: str
    cells: pd.DataFrame
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(each for each in self.columns if each.name == name)


def look(data: bytes, sep: str | None = None, header: bool | None = None) -> Table:
    """What a CSV file holds; what is not told is found out. Raises DataError."""
    check_size(data)
    encoding = _find_encoding(data)
    first = io.StringIO(data[:200_000].decode(encoding, "replace"), newline="")
    lines = [line for _, line in zip(range(100), first, strict=False)]
    sep = sep or _find_delimiter(lines)
    rows = list(csv.reader(lines, delimiter=sep))
    if not rows:
        raise DataError("The file has no rows.")
    if len(rows[0]) > COLUMNS_LIMIT:
        raise DataError(f"The table has {len(rows[0]):,} columns; at most {COLUMNS_LIMIT:,}.")
    if (count := data.count(b"\n")) > ROWS_LIMIT or count * len(rows[0]) > VALUES_LIMIT:
        raise DataError(f"The table has {count:,} rows; at most {ROWS_LIMIT:,} are read.")
    header = _has_header(rows) if header is None else header
    cells = _read_cells(data, sep, encoding, header)
    decimal = "," if sep != "," and _is_mostly(cells, ",") else "."
    columns = tuple(_describe(cells, name, decimal) for name in cells.columns)
    return Table(sep, encoding, header, decimal, cells, columns)


def _read_cells(data: bytes, sep: str, encoding: str, header: bool) -> pd.DataFrame:
    try:
        cells = pd.read_csv(
            io.BytesIO(data), sep=sep, encoding=encoding, header=0 if header else None, dtype=str
        )
    except (ValueError, pd.errors.ParserError) as error:
        said = str(error).strip().splitlines()[0][:200].rstrip(".")
        raise DataError(f"The table can't be read: {said}. Is the delimiter right?") from None
    cells.columns = pd.Index([str(name).strip() for name in cells.columns])
    if cells.columns.duplicated().any():
        raise DataError("Two columns have the same name. Give each its own.")
    if cells.empty:
        raise DataError("The table has no rows below its header.")
    for name in cells.columns:
        text = cells[name].str.strip()
        cells[name] = text.where(~text.isin(["", "?"]))
    return cells


def _find_encoding(data: bytes) -> str:
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252" if b"\0" not in data[:1000] else "utf-16"
    return "utf-8-sig"


def _find_delimiter(lines: list[str]) -> str:
    """The one that most lines have equally often, and more than not at all."""

    def merit(sep: str) -> tuple[int, int]:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=sep) if row)
        width, often = counts.most_common(1)[0] if counts else (1, 0)
        return (often if width > 1 else 0, width)

    return max(DELIMITERS, key=merit)


def _has_header(rows: list[list[str]]) -> bool:
    """Whether no cell of the first row is a number, while it names every column differently."""
    first = [cell.strip() for cell in rows[0]]
    return len(set(first)) == len(first) and not any(_is_number(cell) for cell in first)


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True


def _is_mostly(cells: pd.DataFrame, sign: str) -> bool:
    """Whether some column has numbers with this sign where others have a point."""
    pattern = rf"^[+-]?\d+\{sign}\d+$"
    return any(cells[name].dropna().head(200).str.match(pattern).mean() > 0.5 for name in cells)


def to_numbers(cells: pd.Series, decimal: str) -> pd.Series:
    """Each cell as a number, or as missing where it is none."""
    found = pd.to_numeric(cells.str.replace(decimal, ".", regex=False), errors="coerce")
    return found.astype(float)


def _describe(cells: pd.DataFrame, name: str, decimal: str) -> Column:
    values = cells[name]
    numbers = to_numbers(values, decimal)
    present = values.notna()
    numeric = bool(present.any() and numbers[present].notna().all())
    distinct = int(values.nunique())
    if numeric:
        serial = distinct == len(values) and (numbers.diff().dropna() == 1).all()
        use: Use = "unused" if serial and name.lower() in COUNTED else "number"
    else:
        use = "text" if 0 < distinct <= WORDS_LIMIT else "unused"
    return Column(name, use, int((~present).sum()), distinct, numeric)


def suggest_target(table: Table) -> str:
    """The last column, which by custom is what is to be predicted."""
    return table.columns[-1].name


def suggest_kind(table: Table, target: str) -> Literal["classes", "numbers"]:
    """Classes for text and for few whole numbers, else numbers."""
    column = table.column(target)
    if not column.numeric:
        return "classes"
    numbers = to_numbers(table.cells[target], table.decimal).dropna()
    whole = bool((numbers == numbers.round()).all())
    return "classes" if whole and column.distinct <= FEW else "numbers"


def list_classes(table: Table, target: str) -> tuple[str, ...]:
    """The target's different values, in the order of numbers or of the alphabet."""
    found = list(table.cells[target].dropna().unique())
    if table.column(target).numeric:
        return tuple(sorted(found, key=lambda each: float(each.replace(table.decimal, "."))))
    return tuple(sorted(found))


def make_plan(
    table: Table,
    name: str,
    target: str,
    kind: Literal["classes", "numbers"],
    uses: dict[str, Use],
    fill: bool,
) -> Plan:
    """How to read the file with these choices; raises DataError where they can't be followed."""
    numbers = [each for each, use in uses.items() if use == "number" and each != target]
    texts = [each for each, use in uses.items() if use == "text" and each != target]
    if not numbers and not texts:
        raise DataError("No column is left to learn from: use one as a number or as text at least.")
    if wrong := next((each for each in numbers if not table.column(each).numeric), None):
        text = table.cells[wrong].dropna()
        odd = text[to_numbers(text, table.decimal).isna()].iloc[0]
        if to_numbers(text, table.decimal).notna().sum() == 0:
            raise DataError(f"Column {wrong!r} holds no numbers, for example {odd[:40]!r}.")
    words = {each: sorted(table.cells[each].dropna().unique()) for each in texts}
    if wide := next((each for each, found in words.items() if len(found) > WORDS_LIMIT), None):
        raise DataError(
            f"Column {wide!r} has {len(words[wide]):,} different words; at most {WORDS_LIMIT} can "
            "become columns of their own. Leave it out."
        )
    classes = list(list_classes(table, target)) if kind == "classes" else None
    _check_target(table, target, classes)
    features = [*numbers, *(f"{each} = {word}" for each in texts for word in words[each])]
    what = f"{len(classes)} classes of" if classes else "the number"
    return Plan(
        reader="read_table",
        file="data.csv",
        options={
            "sep": table.sep,
            "encoding": table.encoding,
            "header": table.header,
            "decimal": table.decimal,
            "numbers": numbers,
            "words": words,
            "target": target,
            "classes": classes,
            "fill": fill,
        },
        title=plain_name(name),
        summary=f"{len(features)} features to predict {what} {plain_name(target)}, from "
        f"{plain_name(name)} (data.csv beside an exported script)",
        target=Target(kind, tuple(classes) if classes else (target,)),
        features=tuple(features),
        told=explain(table, target, kind, numbers, words, fill),
    )


def _check_target(table: Table, target: str, classes: list[str] | None) -> None:
    if classes is None:
        if to_numbers(table.cells[target], table.decimal).notna().sum() == 0:
            raise DataError(f"Column {target!r} holds no numbers: predict its classes instead.")
        return
    if not 2 <= len(classes) <= CLASSES_LIMIT:
        raise DataError(
            f"Column {target!r} has {len(classes):,} different values; as classes there must be 2 "
            f"to {CLASSES_LIMIT:,}. Choose another column, or predict it as a number."
        )


def explain(
    table: Table,
    target: str,
    kind: str,
    numbers: list[str],
    words: dict[str, list[str]],
    fill: bool,
) -> tuple[str, ...]:
    """What is done with the target, gaps and text, each in a sentence."""
    told = []
    if gaps := table.column(target).gaps:
        told.append(f"{gaps:,} rows without {target} are left out.")
    gapped = [each for each in (*numbers, *words) if table.column(each).gaps]
    if fill:
        told += _explain_filling("median", [each for each in gapped if each in numbers])
        told += _explain_filling("most frequent word", [each for each in gapped if each in words])
    elif gapped:
        lost = int(table.cells[gapped].isna().any(axis=1).sum())
        told.append(f"{lost:,} rows with gaps in {', '.join(gapped)} are left out.")
    for name, found in words.items():
        told.append(f"{name} becomes {len(found)} columns of 0 and 1, one for each word.")
    return tuple(told)


def _explain_filling(filler: str, columns: list[str]) -> list[str]:
    if not columns:
        return []
    return [f"Gaps in {', '.join(columns)} are filled with the column's {filler}."]


def suggest_plan(table: Table, name: str) -> Plan:
    """How to read the file as its content suggests; raises DataError."""
    target = suggest_target(table)
    uses = {each.name: each.use for each in table.columns}
    return make_plan(table, name, target, suggest_kind(table, target), uses, fill=True)
