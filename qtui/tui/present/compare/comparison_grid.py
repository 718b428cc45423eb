"""The lines and columns of a comparison as a table: runs as columns, or runs as lines."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple, TypeAlias

from qtui.compare.run_comparison import KIND_TITLES, ComparedRow, RowKind, RunComparison
from qtui.compare.text_differences import difference_row
from qtui.formatting import ABSENT, format_count
from qtui.plot.pieces import Piece, Row
from qtui.text import display
from qtui.tui.themes import run_colour
from qtui.value_classes import dataclass

GridLine: TypeAlias = RowKind | ComparedRow | int
"""A line: the heading of a kind, a row of the comparison, or a run."""

MIN_COMPARED_LENGTH = 20
"""Characters from which on a text is compared part by part, and not as a whole."""


class GridPlace(NamedTuple):
    """A cell: a row of the comparison and a run."""

    row: ComparedRow
    run: int


class ComparedCell(NamedTuple):
    """The content of a cell, which may be longer than the cell."""

    pieces: Row
    is_right: bool


@dataclass(frozen=True, slots=True)
class GridOptions:
    """The choices of the user for the table."""

    only_differences: bool = True
    is_transposed: bool = False
    by_variation: bool = False
    """Whether the rows of a kind are sorted by how much they differ."""
    filter: str = ""
    """A part of the keys that are shown."""
    only_measures: bool = False
    """Whether only Qlib's measures are shown, also those that do not differ."""


@dataclass(frozen=True, eq=False)
class ComparisonGrid:
    """The table of a comparison. Column 0 has the names of the lines."""

    comparison: RunComparison
    options: GridOptions = GridOptions()

    @cached_property
    def rows(self) -> tuple[ComparedRow, ...]:
        """The rows of the comparison that are shown, by kind."""
        options, comparison = self.options, self.comparison
        rows: Sequence[ComparedRow] = comparison.differing_rows if options.only_differences else comparison.rows
        if options.only_measures:
            rows = tuple(comparison.measures)
        if needle := options.filter.casefold():
            rows = [row for row in rows if needle in row.key.casefold() or needle in comparison.titles[row].casefold()]
        if options.by_variation:
            kinds = list(RowKind)
            rows = sorted(rows, key=lambda row: (kinds.index(row.kind), -row.variation))
        return tuple(rows)

    def _title_of(self, row: ComparedRow) -> str:
        title = self.comparison.measures.get(row) if self.options.only_measures else None
        return title or self.comparison.titles[row]

    @cached_property
    def lines(self) -> tuple[GridLine, ...]:
        """The lines from the top, with a heading above the rows of each kind."""
        if self.options.is_transposed:
            return self.comparison.order
        lines: list[GridLine] = []
        kind: RowKind | None = None
        for row in self.rows:
            if row.kind is not kind:
                kind = row.kind
                lines.append(kind)
            lines.append(row)
        return tuple(lines)

    @property
    def column_count(self) -> int:
        """The number of columns, with the one of the names."""
        return 1 + (len(self.rows) if self.options.is_transposed else len(self.comparison.order))

    def place(self, line: int, column: int) -> GridPlace | None:
        """Return the cell of a line and a column; None for a heading, a name or no line."""
        if not 0 <= line < len(self.lines) or not 1 <= column < self.column_count:
            return None
        entry = self.lines[line]
        if isinstance(entry, int):
            return GridPlace(self.rows[column - 1], entry)
        return None if isinstance(entry, RowKind) else GridPlace(entry, self.comparison.order[column - 1])

    def find(self, place: GridPlace) -> tuple[int, int] | None:
        """Return the line and the column of a cell; None if its row is not shown. Rows are the same by kind and key."""
        row = next(
            (i for i, row in enumerate(self.rows) if (row.kind, row.key) == (place.row.kind, place.row.key)), None
        )
        if row is None or place.run not in self.comparison.order:
            return None
        run = self.comparison.order.index(place.run)
        return (run, row + 1) if self.options.is_transposed else (self.lines.index(self.rows[row]), run + 1)

    def is_difference(self, line: int) -> bool:
        """Return whether the values of a line differ; False for the line of a run."""
        entry = self.lines[line]
        return isinstance(entry, ComparedRow) and entry.differs

    # Texts

    def title(self, column: int) -> tuple[Piece, Piece]:
        """Return the two lines above a column: run and its ID, or key and kind."""
        comparison = self.comparison
        if not column:
            return Piece("run" if self.options.is_transposed else "", "muted"), Piece("")
        if self.options.is_transposed:
            row = self.rows[column - 1]
            return Piece(self._title_of(row), "strong"), Piece(row.kind.value, "muted")
        run = comparison.order[column - 1]
        note = "baseline" if run == comparison.baseline else display(comparison.frame.infos[run].run_id[:8])
        return self._run_name(run), Piece(note, "accent" if run == comparison.baseline else "muted")

    def name(self, line: int) -> Piece:
        """Return the name of a line."""
        entry = self.lines[line]
        if isinstance(entry, RowKind):
            count, differing = self.comparison.kind_counts[entry]
            amount = f"{differing:,} of {format_count(count, 'row differs', 'rows differ')}"
            return Piece(f"{KIND_TITLES[entry]}  {amount}", "heading")
        if isinstance(entry, int):
            return self._run_name(entry)
        return Piece(f"  {self._title_of(entry)}", "text" if entry.differs else "muted")

    def _run_name(self, run: int) -> Piece:
        return Piece(display(self.comparison.names[run]), run_colour(self.comparison.frame.infos[run].run_id))

    def cell(self, place: GridPlace, cells: int) -> ComparedCell:
        """Return the content of a cell in a column that is `cells` wide."""
        row, run = place
        text = row.text(run)
        is_right = row.is_numeric and not row.is_time
        if text is None:
            return ComparedCell((Piece(ABSENT, "muted"),), is_right)
        delta = self._delta_pieces(place)
        other = None if is_right else self.comparison.reference_text(row, run)
        if other is not None and min(len(text), len(other)) >= MIN_COMPARED_LENGTH:
            return ComparedCell(difference_row(text, other, cells), False)
        role = "best" if run in self.comparison.best_runs(row) else "text" if row.differs else "muted"
        return ComparedCell((Piece(display(text), role), *delta), is_right)

    def _delta_pieces(self, place: GridPlace) -> Row:
        """Return the difference from the baseline, coloured by the direction of a metric."""
        delta = self.comparison.delta(*place)
        if delta is None:
            return ()
        role = "muted"
        if place.row.kind is RowKind.METRIC:
            better = delta.is_better(higher=self.comparison.is_higher_better(place.row.key))
            role = "muted" if better is None else "good" if better else "error"
        return (Piece(f"  {self.comparison.delta_text(*place)}", role),)
