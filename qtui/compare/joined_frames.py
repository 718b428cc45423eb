"""Two tables beside each other: the columns that both have, row by row, with their difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qtui.compare.artifact_differences import ColumnDifference, common_columns, frame_differences
from qtui.errors import ArtifactUnreadable
from qtui.formatting import format_count, format_number
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from pandas import DataFrame, Series

MAX_SENTENCES = 3
"""Columns that have a sentence."""
KEY_KINDS = frozenset({"string", "date", "datetime", "datetime64", "categorical"})
"""The types, as pandas infers them, of columns that can identify a row."""
NUMBER_KINDS = "biuf"
"""The kinds of numpy's types that have a difference."""


@dataclass(frozen=True, slots=True, eq=False)
class JoinedFrames:
    """Two frames, joined by their index; a row that only one of them has is without values of the other."""

    frame: DataFrame
    names: tuple[str, str]
    differences: tuple[ColumnDifference, ...]
    only_first: int
    only_second: int

    def sentences(self) -> Iterator[str]:
        """Yield what the columns have in common, and how many rows only one of the frames has."""
        for difference in self.differences[:MAX_SENTENCES]:
            yield _column_sentence(difference)
        if len(self.differences) > MAX_SENTENCES:
            yield f"and {format_count(len(self.differences) - MAX_SENTENCES, 'more column')}"
        counts = zip((self.only_first, self.only_second), self.names, strict=True)
        only = ", ".join(f"{format_count(count, 'row')} only in {name}" for count, name in counts if count)
        if only:
            yield only


def join_frames(first: DataFrame, second: DataFrame, names: tuple[str, str]) -> JoinedFrames:
    """Return the columns that both frames have beside each other, each pair with its difference, second minus first.

    Rows are matched by the index; without one, by the columns of texts and times if they identify a row; frames whose
    index has duplicates row by row. Raises ArtifactUnreadable if none of it is possible.
    """
    import pandas

    first, second = _index_by_keys(first, second, common_columns(first, second))
    columns = common_columns(first, second)
    if not columns:
        raise ArtifactUnreadable("The tables have no column in common.")
    differences = tuple(frame_differences(first, second))
    only = (0, 0)
    if not first.index.equals(second.index):
        if not (first.index.is_unique and second.index.is_unique):
            raise ArtifactUnreadable("The rows cannot be matched: the index of a table has duplicates.")
        if first.index.nlevels != second.index.nlevels:
            raise ArtifactUnreadable("The rows cannot be matched: the tables have different indexes.")
        index = first.index.union(second.index, sort=False)
        only = len(index) - len(second), len(index) - len(first)
        first, second = first.reindex(index), second.reindex(index)
    titles: list[str] = []
    values: list[Series[Any]] = []
    for column in columns:
        titles += [f"{column} {name}" for name in names]
        values += [first[column], second[column]]
        if all(part.dtype.kind in NUMBER_KINDS for part in values[-2:]):
            titles.append("difference" if len(columns) == 1 else f"{column} difference")
            values.append(second[column].astype(float) - first[column].astype(float))
    frame = pandas.DataFrame(dict(enumerate(values)), index=first.index)
    frame.columns = pandas.Index(titles)
    return JoinedFrames(frame, names, differences, *only)


def _index_by_keys(first: DataFrame, second: DataFrame, columns: Sequence[Any]) -> tuple[DataFrame, DataFrame]:
    """Return the frames with their key columns as the index, if they have no index and such columns."""
    import pandas

    frames = first, second
    keys = [
        column
        for column in columns
        if all(pandas.api.types.infer_dtype(frame[column]) in KEY_KINDS for frame in frames)
    ]
    has_values = len(keys) < len(columns)
    if not keys or not has_values or not all(isinstance(frame.index, pandas.RangeIndex) for frame in frames):
        return frames
    indexed = first.set_index(keys), second.set_index(keys)
    is_key = all(frame.index.is_unique for frame in indexed) and bool(indexed[0].index.isin(indexed[1].index).any())
    return indexed if is_key else frames


def _column_sentence(difference: ColumnDifference) -> str:
    parts = [f"{difference.equal:,} of {format_count(difference.rows, 'row')} equal"]
    if difference.correlation is not None:
        parts.insert(0, f"correlation {difference.correlation:.5f}")
    if difference.largest is not None:
        parts.append(f"largest difference {format_number(difference.largest)}")
    return f"{difference.name}: {', '.join(parts)}"
