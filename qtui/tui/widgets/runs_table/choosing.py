"""What is chosen among the lines: runs are opened and marked, what is below a line is folded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.message import Message

from qtui.query.ast import Kind
from qtui.runs.cells import raw_text
from qtui.runs.column_specs import ColumnSpec
from qtui.runs.table_view import TableGroup, TableView
from qtui.tui.widgets.runs_table.grid import Grid


class Choosing(Grid):
    """Acts on the line and the column under the cursor."""

    @dataclass
    class Opened(Message):
        """A run was opened."""

        run_id: str

    @dataclass
    class FoldRequested(Message):
        """What is below these lines is to be hidden, or shown again."""

        keys: frozenset[str]
        hide: bool

    @dataclass
    class MarksChanged(Message):
        """Other runs are marked."""

        marks: frozenset[str]

    @property
    def shown(self) -> int:
        """How many runs match, also those that are folded away."""
        return len(self.view.rows)

    @property
    def at_line(self) -> bool:
        """Whether the cursor is on a run or a group."""
        return self.line is not None

    @property
    def at_run(self) -> bool:
        """Whether the cursor is on a run."""
        return self.line is not None and self.line.row is not None

    @property
    def current_column(self) -> ColumnSpec | None:
        """The column under the cursor."""
        columns = self.view.columns
        return columns[self.column] if self.column < len(columns) else None

    @property
    def at_metric(self) -> bool:
        """Whether the cursor is in the column of a metric."""
        column = self.current_column
        return column is not None and column.field.kind is Kind.METRIC

    @property
    def value(self) -> str | None:
        """The value under the cursor as it was logged; it may hold anything."""
        if self.line is None or self.line.row is None or self.current_column is None:
            return None
        return raw_text(self.view, self.line.row, self.current_column.field)

    def watch_view(self, old: TableView, new: TableView) -> None:
        """Show another view; other commands may work on it."""
        super().watch_view(old, new)
        self.refresh_bindings()

    def watch_cursor(self, old: int, new: int) -> None:
        """Show the cursor; on a group other commands work than on a run."""
        super().watch_cursor(old, new)
        if self.view.lines.heads:
            self.refresh_bindings()

    def watch_column(self) -> None:
        """Show the column; on a metric other commands work than on a param."""
        super().watch_column()
        self.refresh_bindings()

    def action_open(self) -> None:
        """Open the run; fold a group."""
        if self.line is not None and self.line.row is not None:
            self.post_message(self.Opened(self.line.key))
        else:
            self.action_fold()

    def action_fold(self) -> None:
        """Hide what is below the line, or show it again; on a line that has nothing below it, go to what it is in."""
        if self.line is None:
            return
        if self.line.is_open is not None:
            self.post_message(self.FoldRequested(frozenset({self.line.key}), self.line.is_open))
        elif self.line.depth:
            above = range(self.cursor - 1, -1, -1)
            self.go_to(next(index for index in above if self.view[index].depth < self.line.depth))

    def action_fold_all(self) -> None:
        """Hide what is below every line, or show all again."""
        lines = [self.view[index] for index, flag in enumerate(self.view.lines.flags) if flag]
        hide = any(line.is_open for line in lines)
        keys = frozenset(line.key for line in lines if line.is_open is hide)
        if keys:
            self.post_message(self.FoldRequested(keys, hide))

    def action_mark(self) -> None:
        """Mark or unmark the run, or all runs of a group, and go to the next line."""
        self.toggle(self.runs_on(self.cursor))
        self.go_to(self.cursor + 1)

    def action_mark_down(self) -> None:
        """Mark the run and the next one."""
        self.mark_to(self.cursor + 1)

    def action_mark_up(self) -> None:
        """Mark the run and the one before."""
        self.mark_to(self.cursor - 1)

    def action_mark_all(self) -> None:
        """Mark every run that is shown, or take all these marks off."""
        infos = self.view.frame.infos
        self.toggle(infos[row].run_id for row in self.view.rows)

    def mark_to(self, index: int) -> None:
        """Mark the runs from the cursor to a line, and go there."""
        start, end = sorted((self.cursor, self.validate_cursor(index)))
        self._mark(self.marks.union(self.view.run_ids(start, end + 1)))
        self.go_to(index)

    def toggle(self, run_ids: Iterable[str]) -> None:
        """Mark these runs, or take their marks off if all have one."""
        chosen = frozenset(run_ids)
        self._mark(self.marks - chosen if chosen <= self.marks else self.marks | chosen)

    def _mark(self, marks: frozenset[str]) -> None:
        if marks != self.marks:
            self.marks = marks
            self.post_message(self.MarksChanged(marks))

    def runs_on(self, index: int) -> list[str]:
        """The run on a line, or all runs of a group."""
        line = self.view[index] if index < len(self.view) else None
        if line is not None and isinstance(line.head, TableGroup):
            infos = self.view.frame.infos
            return [infos[row].run_id for row in line.head.rows]
        return [] if line is None or line.row is None else [line.key]
