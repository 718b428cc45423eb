"""The artifacts of two runs: which files are equal, and how texts and frames differ."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from qtui.artifacts.text.diff_text import diff_row
from qtui.formatting import format_count
from qtui.plot.pieces import Piece, Row
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from pandas import DataFrame, Series

MAX_DIFF_LINES = 20_000
"""Lines of a text up to which it is compared line by line."""
MAX_SHOWN_LINES = 2_000
CONTEXT_LINES = 3


class FileMatch(StrEnum):
    """How the files of two runs at the same path compare."""

    DIFFERENT = "different"
    ONLY_FIRST = "only in the first"
    ONLY_SECOND = "only in the second"
    UNKNOWN = "same size, not compared"
    EQUAL = "equal"


@dataclass(frozen=True, slots=True)
class FileDifference:
    """A path with the sizes of both files in bytes; None where there is no file."""

    path: str
    sizes: tuple[int | None, int | None]
    match: FileMatch


@dataclass(frozen=True, slots=True)
class ColumnDifference:
    """A column that two frames have, over the rows that both have."""

    name: str
    rows: int
    equal: int
    """The rows with the same value, or with none in both."""
    correlation: float | None
    """Pearson's correlation; None for texts, and for a column with a single value."""
    largest: float | None
    """The largest difference of two numbers; None for texts."""


def compare_files(
    first: Mapping[str, int | None], second: Mapping[str, int | None], is_equal: Callable[[str], bool | None]
) -> Iterator[FileDifference]:
    """Yield the files of two runs by path, as they are compared; `first` and `second` have the sizes by path.

    `is_equal` is called for files of the same size; it returns None if they are too large to be compared.
    """
    for path in sorted({*first, *second}):
        sizes = first.get(path), second.get(path)
        if path not in second:
            match = FileMatch.ONLY_FIRST
        elif path not in first:
            match = FileMatch.ONLY_SECOND
        elif None not in sizes and sizes[0] != sizes[1]:
            match = FileMatch.DIFFERENT
        else:
            equal = is_equal(path)
            match = FileMatch.UNKNOWN if equal is None else FileMatch.EQUAL if equal else FileMatch.DIFFERENT
        yield FileDifference(path, sizes, match)


def sort_files(files: Iterable[FileDifference]) -> tuple[FileDifference, ...]:
    """Return the files in the order of `FileMatch`, those that differ first, and by path."""
    order = list(FileMatch)
    return tuple(sorted(files, key=lambda file: (order.index(file.match), file.path)))


def text_difference(first: str, second: str, names: tuple[str, str]) -> list[Row]:
    """Return a unified diff of two texts as coloured rows."""
    lines = first.splitlines(), second.splitlines()
    if max(map(len, lines)) > MAX_DIFF_LINES:
        return [(Piece(f"Texts of more than {MAX_DIFF_LINES:,} lines are not compared line by line.", "muted"),)]
    diff = difflib.unified_diff(*lines, *names, n=CONTEXT_LINES, lineterm="")
    rows = [diff_row(line) for line in diff]
    if len(rows) > MAX_SHOWN_LINES:
        left_out = format_count(len(rows) - MAX_SHOWN_LINES, "line")
        rows = [*rows[:MAX_SHOWN_LINES], (Piece(f"{left_out} more", "muted"),)]
    return rows or [(Piece("Only line ends differ.", "muted"),)]


def frame_differences(first: DataFrame, second: DataFrame) -> list[ColumnDifference]:
    """Return the differences of the columns that both frames have, over the rows with the same index.

    Frames whose index has duplicates are compared row by row if they have the same length.
    """
    if first.index.is_unique and second.index.is_unique:
        common = first.index.intersection(second.index)
        first, second = first.loc[common], second.loc[common]
    elif len(first) != len(second):
        return []
    return [_column_difference(str(name), first[name], second[name]) for name in common_columns(first, second)]


def common_columns(first: DataFrame, second: DataFrame) -> list[Any]:
    """Return the names of the columns that both frames have once."""
    counts = Counter(first.columns), Counter(second.columns)
    return [name for name in first.columns if counts[0][name] == counts[1][name] == 1]


def _column_difference(name: str, first: Series[Any], second: Series[Any]) -> ColumnDifference:
    import numpy

    a, b = first.to_numpy(), second.to_numpy()
    missing = first.isna().to_numpy() & second.isna().to_numpy()
    equal = int(((a == b) | missing).sum())
    if not all(column.dtype.kind in "biuf" for column in (a, b)):
        return ColumnDifference(name, len(a), equal, None, None)
    x, y = a.astype(float), b.astype(float)
    both = numpy.isfinite(x) & numpy.isfinite(y)
    x, y = x[both], y[both]
    varies = len(x) > 1 and x.std() > 0 and y.std() > 0
    correlation = float(numpy.corrcoef(x, y)[0, 1]) if varies else None
    return ColumnDifference(name, len(a), equal, correlation, float(numpy.abs(x - y).max()) if len(x) else None)


def frame_rows(differences: Sequence[ColumnDifference]) -> list[Row]:
    """Return the differences of frames as rows of a table."""
    from qtui.formatting import ABSENT, format_number
    from qtui.text import display, pad, truncate, width

    if not differences:
        return [(Piece("The frames have no rows or no columns in common.", "muted"),)]
    cells = min(40, max(width(display(difference.name)) for difference in differences))
    titles = f"{pad('column', cells)}  {'rows':>10}  {'equal':>10}  {'correlation':>11}  {'largest difference':>18}"
    rows: list[Row] = [(Piece(titles, "muted"),)]
    for difference in differences:
        name = pad(truncate(display(difference.name), cells), cells)
        correlation = ABSENT if difference.correlation is None else f"{difference.correlation:.5f}"
        largest = ABSENT if difference.largest is None else format_number(difference.largest)
        numbers = f"{difference.rows:>10,}  {difference.equal:>10,}  {correlation:>11}  {largest:>18}"
        rows.append((Piece(f"{name}  {numbers}"),))
    return rows
