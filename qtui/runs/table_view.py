"""The immutable view that a table shows: the lines of a frame in order, with groups and parents."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from qtui.query.ast import Field
from qtui.runs.column_data import NumberColumn
from qtui.runs.column_specs import ColumnFormat, ColumnSpec, column_titles
from qtui.runs.metric_statistics import MetricStatistics, best_value, metric_statistics
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

CurveValues: TypeAlias = Mapping[str, Mapping[str, Sequence[float]]]
"""The values of sparklines by metric and run ID."""

IS_CONTEXT, HAS_CHILDREN, IS_FOLDED = 1, 2, 4
"""Flags of a line: it only gives context for its children; it has children; they are hidden."""


@dataclass(frozen=True, slots=True, eq=False)
class TableGroup:
    """Runs with equal values in the fields of `TableLayout.group_by`."""

    key: str
    values: tuple[str | None, ...]
    rows: array[int]


@dataclass(frozen=True, slots=True)
class MissingParent:
    """A parent run that the frame does not have: deleted, or in another experiment."""

    key: str


LineHead: TypeAlias = TableGroup | MissingParent
"""The content of a line that is not a run."""


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line of a table."""

    key: str
    """The run ID; for a group a key that is no run ID."""
    row: int | None
    """The row of the run in the frame."""
    depth: int
    is_open: bool | None
    """Whether the children are visible; None without children."""
    is_context: bool
    head: LineHead | None


@dataclass(frozen=True, slots=True)
class TableLines:
    """The lines of a table in compact form."""

    entries: array[int]
    """A row of the frame, or -1 - i for the head i."""
    heads: tuple[LineHead, ...] = ()
    depths: bytes = b""
    """The depth of each line; empty if all are 0."""
    flags: bytes = b""
    """The flags of each line; empty if all are 0."""


@dataclass(frozen=True, eq=False)
class TableView:
    """The lines and columns of a table, and everything its cells are computed from."""

    frame: RunsFrame = field(default_factory=RunsFrame)
    layout: TableLayout = field(default_factory=TableLayout)
    lines: TableLines = field(default_factory=lambda: TableLines(array("i")))
    rows: array[int] = field(default_factory=lambda: array("i"))
    """The rows of the runs that match, in order, including those below folded lines."""
    pinned_count: int = 0
    """The number of pinned lines, which come first."""
    now: int = 0
    """The time (ms) for ages and durations."""
    experiments: Mapping[str, str] = field(default_factory=dict)
    """The names of experiments by ID."""
    curves: CurveValues = field(default_factory=dict)
    stale: frozenset[str] = frozenset()
    """The IDs of running runs that write nothing any more."""
    _best: dict[tuple[Field, bool | None], float | None] = field(default_factory=dict, repr=False)
    _titles: dict[tuple[Field, ColumnFormat], str] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.lines.entries)

    @property
    def columns(self) -> tuple[ColumnSpec, ...]:
        """The columns, pinned ones first."""
        return tuple(sorted(self.layout.columns, key=lambda column: not column.pinned))

    def __getitem__(self, index: int) -> TableLine:
        entry = self.lines.entries[index]
        flags = self.lines.flags[index] if self.lines.flags else 0
        head = self.lines.heads[-1 - entry] if entry < 0 else None
        return TableLine(
            key=head.key if head else self.frame.infos[entry].run_id,
            row=entry if head is None else None,
            depth=self.lines.depths[index] if self.lines.depths else 0,
            is_open=not flags & IS_FOLDED if flags & HAS_CHILDREN else None,
            is_context=bool(flags & IS_CONTEXT),
            head=head,
        )

    def index(self, key: str) -> int | None:
        """Return the index of the line with this key."""
        entry = self.frame.row(key)
        if entry is None:
            entry = next((-1 - number for number, head in enumerate(self.lines.heads) if head.key == key), None)
        return None if entry is None else index_of(entry, self.lines.entries)

    def run_ids(self, start: int = 0, end: int | None = None) -> Iterator[str]:
        """Return the IDs of the runs on these lines, without groups and missing parents."""
        infos = self.frame.infos
        return (infos[entry].run_id for entry in self.lines.entries[start:end] if entry >= 0)

    def best(self, field: Field) -> float | None:
        """Return the best value of a metric among the matching runs; None if all are equal."""
        key = field, self.layout.higher_is_better.get(field.key)
        if key not in self._best:
            column = self.frame.column(self.layout.resolve_best(field))
            higher = self.layout.is_higher_better(field.key)
            numbers = column if isinstance(column, NumberColumn) else None
            self._best[key] = None if numbers is None else best_value(numbers, self._sorted_rows, higher=higher)
        return self._best[key]

    @cached_property
    def _sorted_rows(self) -> NDArray[numpy.intp]:
        """The rows that match in the order of the frame, in which memory is read fastest."""
        import numpy

        return numpy.sort(numpy.frombuffer(self.rows, dtype=numpy.int32)).astype(numpy.intp)

    def decimals(self, field: Field) -> int | None:
        """Return the number of decimals that aligns the values of a metric; None if they differ too much."""
        return self.frame.decimals(self.layout.resolve_best(field))

    def title(self, column: ColumnSpec) -> str:
        """Return the title of a column: short, and unique in this view."""
        if column.key not in self._titles:
            self._titles.clear()
            self._titles.update(column_titles(self.columns, self.frame))
        return self._titles.get(column.key, column.title)

    def statistics(self, group: TableGroup, field: Field) -> MetricStatistics | None:
        """Return the statistics of a metric in a group; None without values."""
        column = self.frame.column(self.layout.resolve_best(field))
        return metric_statistics(column, group.rows) if isinstance(column, NumberColumn) else None


def index_of(number: int, numbers: array[int]) -> int | None:
    """Return the first index of a number, None if there is none; `array.index` takes 5 times as long."""
    size, data, needle = numbers.itemsize, numbers.tobytes(), array(numbers.typecode, [number]).tobytes()
    position = data.find(needle)
    while position > 0 and position % size:  # It was found across two numbers.
        position = data.find(needle, position + 1)
    return None if position < 0 else position // size
