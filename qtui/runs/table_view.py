"""What a table shows: the lines of a frame in order, with groups and parents; never changed once made."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from qtui import figures
from qtui.query.ast import Field
from qtui.runs.column_data import NumberColumn
from qtui.runs.column_specs import ColumnFormat, ColumnSpec, column_titles
from qtui.runs.metric_statistics import MetricStatistics, best_value, metric_statistics
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout

CurveValues: TypeAlias = Mapping[str, Mapping[str, Sequence[float]]]
"""The histories that are drawn in a table, by metric and run id."""

DECIMALS_SAMPLE_SIZE = 64
"""How many values are looked at to tell how many decimals their column needs."""

IS_CONTEXT, HAS_CHILDREN, IS_FOLDED = 1, 2, 4
"""What may be said of a line: it only stands for what is below it; something is below it; that is hidden."""


@dataclass(frozen=True, slots=True, eq=False)
class TableGroup:
    """Runs with the same values in the fields that they are grouped by."""

    key: str
    values: tuple[str | None, ...]
    rows: array[int]


@dataclass(frozen=True, slots=True)
class MissingParent:
    """A parent run that is not here: deleted, or in another experiment."""

    key: str


LineHead: TypeAlias = TableGroup | MissingParent
"""What a line shows that is no run."""


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line of a table."""

    key: str
    """The run's id; for a group something that is no id."""
    row: int | None
    """The run's row in the frame."""
    depth: int
    is_open: bool | None
    """Whether what is below is shown; None when nothing is."""
    is_context: bool
    head: LineHead | None


@dataclass(frozen=True, slots=True)
class TableLines:
    """Lines in order: rows of a frame, or places among the heads counted from -1 downward."""

    places: array[int]
    heads: tuple[LineHead, ...] = ()
    depths: bytes = b""
    """How far each line is indented; empty when none is."""
    flags: bytes = b""


@dataclass(frozen=True, eq=False)
class TableView:
    """The lines and columns of a table, and all that its cells are made of."""

    frame: RunsFrame = field(default_factory=RunsFrame)
    layout: TableLayout = field(default_factory=TableLayout)
    lines: TableLines = field(default_factory=lambda: TableLines(array("i")))
    rows: array[int] = field(default_factory=lambda: array("i"))
    """The runs that match, in order, also those whose lines are hidden."""
    pinned: int = 0
    """How many of the first lines are pinned."""
    now: int = 0
    experiments: Mapping[str, str] = field(default_factory=dict)
    """The names of experiments by id."""
    curves: CurveValues = field(default_factory=dict)
    stale: frozenset[str] = frozenset()
    """The running runs that have been silent for too long."""
    _decimals: dict[Field, int | None] = field(default_factory=dict, repr=False)
    _best: dict[tuple[Field, bool | None], float | None] = field(default_factory=dict, repr=False)

    _titles: dict[tuple[Field, ColumnFormat], str] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.lines.places)

    @property
    def columns(self) -> tuple[ColumnSpec, ...]:
        """The columns, those that are pinned first."""
        return tuple(sorted(self.layout.columns, key=lambda column: not column.pinned))

    def __getitem__(self, index: int) -> TableLine:
        place = self.lines.places[index]
        flags = self.lines.flags[index] if self.lines.flags else 0
        head = self.lines.heads[-1 - place] if place < 0 else None
        return TableLine(
            key=head.key if head else self.frame.infos[place].run_id,
            row=place if head is None else None,
            depth=self.lines.depths[index] if self.lines.depths else 0,
            is_open=not flags & IS_FOLDED if flags & HAS_CHILDREN else None,
            is_context=bool(flags & IS_CONTEXT),
            head=head,
        )

    def index(self, key: str) -> int | None:
        """Where the line with this key is."""
        place = self.frame.row(key)
        if place is None:
            place = next((-1 - each for each, head in enumerate(self.lines.heads) if head.key == key), None)
        try:
            return None if place is None else self.lines.places.index(place)
        except ValueError:
            return None

    def run_ids(self, start: int = 0, end: int | None = None) -> Iterator[str]:
        """The runs on these lines, without groups and what is missing."""
        infos = self.frame.infos
        return (infos[place].run_id for place in self.lines.places[start:end] if place >= 0)

    def best(self, of: Field) -> float | None:
        """The best value of a metric among the runs that match; None when they are all the same."""
        key = of, self.layout.higher.get(of.key)
        if key not in self._best:
            column = self.frame.column(self.layout.resolved(of))
            higher = self.layout.is_higher_better(of.key)
            found = best_value(column, self.rows, higher=higher) if isinstance(column, NumberColumn) else None
            self._best[key] = found
        return self._best[key]

    def decimals(self, of: Field) -> int | None:
        """The decimals that the values of a metric share, so that they stand below each other."""
        if of not in self._decimals:
            column = self.frame.column(self.layout.resolved(of))
            rows = self.frame.infos.natural
            some = rows[:: max(1, len(rows) // DECIMALS_SAMPLE_SIZE)]
            values = [] if column is None else [value for row in some if isinstance(value := column[row], float)]
            self._decimals[of] = figures.decimals_of(values)
        return self._decimals[of]

    def title(self, column: ColumnSpec) -> str:
        """Return the title to draw above a column: short, and no other column's."""
        if column.key not in self._titles:
            self._titles.clear()
            self._titles.update(column_titles(self.columns, self.frame))
        return self._titles.get(column.key, column.title)

    def spread(self, group: TableGroup, of: Field) -> MetricStatistics | None:
        """What the values of a metric amount to in a group; None when it has none."""
        column = self.frame.column(self.layout.resolved(of))
        return metric_statistics(column, group.rows) if isinstance(column, NumberColumn) else None
