"""The widget for lines of text: line numbers, syntax colours, wrapping and search."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, ClassVar

from textual.strip import Strip

from qtui.artifacts.content import LogContent, RowCount, TextContent, TimedContent
from qtui.artifacts.text.log_times import log_time_problem
from qtui.artifacts.text.syntax import highlight
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import fit_row, plain_text
from qtui.tui.commands import Command
from qtui.tui.commands.artifacts import GoToTime, NextLevel, ScrollTextLeft, ScrollTextRight, WrapLines
from qtui.tui.messages import AskText
from qtui.tui.present.artifact.row_cells import crop_row, mark_matches, visible_row, wrap_row
from qtui.tui.widgets.artifact.content_widget import TaskSteps
from qtui.tui.widgets.artifact.row_viewport import Place
from qtui.tui.widgets.artifact.rows_widget import RowsWidget, WindowResult
from qtui.tui.widgets.row_painter import ROLES, RowCursor

MIN_NUMBER_CELLS = 3
SIDEWAYS_CELLS = 8
"""Cells of a horizontal scroll step."""


class TextWidget(RowsWidget[Row]):
    """Shows lines of text."""

    OWN_COMMANDS: ClassVar[tuple[type[Command[Any]], ...]] = (
        WrapLines,
        NextLevel,
        GoToTime,
        ScrollTextLeft,
        ScrollTextRight,
    )
    ROW_NAME: ClassVar[str] = "line"

    def __init__(self, content: TextContent, *, has_wrapping: bool = False) -> None:
        super().__init__()
        self._file = content
        """All lines of the file."""
        self.content = content
        """All lines, or those of a log from a level on."""
        self._level = ""
        self.left = 0
        """Cells that are scrolled out at the left."""
        self._pattern: re.Pattern[str] | None = None
        self._needle = ""
        self._search_start = 0
        self._wrapped: dict[int, tuple[Row, ...]] = {}
        if has_wrapping:
            self.viewport.line_count = self._line_count

    @property
    def has_wrapping(self) -> bool:
        """Whether long lines are wrapped."""
        return self.viewport.line_count is not None

    @property
    def copy_text(self) -> tuple[str, str] | None:
        row = self.current_row
        return None if row is None else (plain_text(row), f"line {self.viewport.cursor.row + 1:,}")

    # Rows

    def load_rows(self, start: int, stop: int) -> Sequence[Row]:
        rows = self.content.rows(start, stop)
        if self.content.language:
            rows = highlight(rows, self.content.language)
        return [visible_row(row, ROLES) for row in rows]

    def read_count(self) -> RowCount:
        return self.content.row_count()

    def scan(self) -> Iterator[float]:
        return self.content.scan()

    def relayout(self) -> None:
        self._wrapped.clear()
        super().relayout()

    def show_window(self, result: WindowResult[Row]) -> None:
        self._wrapped.clear()
        super().show_window(result)

    @property
    def _number_cells(self) -> int:
        """The width of the line numbers with the gap after them."""
        if not self.content.has_line_numbers:
            return 0
        last = max(self.count.count, self.window.stop)
        return max(MIN_NUMBER_CELLS, len(str(last))) + 2

    @property
    def _text_cells(self) -> int:
        return max(1, self.body_cells - self._number_cells)

    def _line_count(self, row: int) -> int:
        return len(self._wrapped_row(row))

    def _wrapped_row(self, row: int) -> tuple[Row, ...]:
        lines = self._wrapped.get(row)
        if lines is None:
            content = self.window.row(row)
            if content is None:
                return ((),)
            lines = self._wrapped[row] = wrap_row(content, self._text_cells)
        return lines

    def paint_line(self, place: Place, row: Row, cells: int, cursor: RowCursor) -> Strip:
        number_cells = self._number_cells
        if self.has_wrapping:
            lines = self._wrapped_row(place.row)
            line = lines[place.line] if place.line < len(lines) else ()
        else:
            line = crop_row(row, self.left, self._text_cells)
        if self._pattern is not None:
            line = mark_matches(line, self._pattern)
        number = f"{place.row + 1:>{number_cells - 2}}  " if number_cells and not place.line else " " * number_cells
        return self.painter.paint(fit_row(cells, Piece(number, "muted"), *line), cells, cursor)

    # Levels of a log

    @property
    def has_levels(self) -> bool:
        """Whether the text is a log with levels."""
        return isinstance(self._file, LogContent) and bool(self._file.levels)

    def action_next_level(self) -> None:
        if isinstance(self._file, LogContent):
            levels = ["", *self._file.levels]
            level = levels[(levels.index(self._level) + 1) % len(levels)]
            self.run_task("level", partial(self._level_steps, self._file, level), partial(self._show_level, level))

    def _level_steps(self, log: LogContent, level: str) -> TaskSteps[TextContent]:
        yield None
        return log.at_least(level) if level else log

    def _show_level(self, level: str, content: TextContent) -> None:
        self._level, self.content = level, content
        self.notice = f"{level} and above" if level else ""
        self.restart()

    # Times of a log

    @property
    def has_times(self) -> bool:
        """Whether the text is a log."""
        return isinstance(self.content, TimedContent)

    def action_go_to_time(self) -> None:
        """Ask for a time, and go to the first line at or after it."""
        content = self.content
        if isinstance(content, TimedContent):
            self.post_message(
                AskText(
                    title="Go to time",
                    placeholder="2026-01-31 18:30, 18:30:15, +10m or -2h",
                    problem=log_time_problem,
                    on_answer=partial(self._find_time, content),
                )
            )

    def _find_time(self, content: TimedContent, text: str) -> None:
        steps = partial(_time_steps, content, text, self.viewport.cursor.row)
        self.run_task("search", steps, self._show_time, "searching")

    def _show_time(self, line: int | None) -> None:
        self.notice = "no line at or after this time" if line is None else ""
        if line is not None:
            self.viewport.set_count(max(line + 1, self.viewport.count))
            self.go_to_row(line)

    # Search

    @property
    def why_no_search(self) -> str | None:
        return None

    def search(self, text: str) -> None:
        """Search for a text from the cursor on; it is marked wherever it is visible."""
        if not self._needle:
            self._search_start = self.viewport.cursor.row
        self._needle = text
        self._pattern = re.compile(re.escape(text), re.IGNORECASE) if text else None
        self.notice = ""
        self.cancel_task("search")
        self.relayout()
        if text:
            self._find(self._search_start, 1)

    def find_next(self, step: int) -> None:
        """Go to the next line that matches, from the other end of the text if there is no more."""
        if self._needle:
            self.notice = ""
            self._find(self.viewport.cursor.row + step, step)

    def _find(self, start: int, step: int) -> None:
        self.run_task("search", partial(self._search_steps, self._needle, start, step), self._show_match, "searching")

    def _search_steps(self, text: str, start: int, step: int) -> TaskSteps[tuple[int | None, bool]]:
        """Return the line that matches, and whether it is beyond the end at which the search continued."""
        line = yield from run_search(self.content.search(text, start, step))
        if line is not None:
            return line, False
        if step < 0 and not self.content.row_count().is_complete:
            yield from self.content.scan()
        line = yield from run_search(self.content.search(text, 0 if step > 0 else self._last_row(), step))
        return line, True

    def _last_row(self) -> int:
        return max(0, self.content.row_count().count - 1)

    def _show_match(self, result: tuple[int | None, bool]) -> None:
        line, is_beyond_end = result
        if line is None:
            self.notice = "no match"
            return
        self.notice = "search continued at the other end" if is_beyond_end else ""
        if line >= self.viewport.count:
            self.viewport.set_count(line + 1)
        if not self.has_wrapping:
            self._show_match_column(line)
        self.go_to_row(line)

    def _show_match_column(self, line: int) -> None:
        """Scroll sideways until the first match of a loaded line is visible."""
        row = self.window.row(line)
        if self._pattern is None or row is None:
            return
        match = self._pattern.search(plain_text(row))
        if match is not None and not self.left <= match.start() < self.left + self._text_cells:
            self.left = 0 if match.start() < self._text_cells else match.start() - self._text_cells // 2
            self._rendered.clear()
            self.refresh()

    # Commands

    def scroll_sideways(self, direction: int) -> None:
        """Scroll horizontally, unless lines are wrapped."""
        if not self.has_wrapping:
            self.left = max(0, self.left + direction * SIDEWAYS_CELLS)
            self.refresh_changed()

    def action_wrap_lines(self) -> None:
        self.viewport.line_count = None if self.has_wrapping else self._line_count
        self.left = 0
        row = self.viewport.cursor.row
        self.viewport.top, self.viewport.cursor = Place(self.viewport.top.row), Place(row)
        self._wrapped.clear()
        self.viewport.scroll_to_cursor()
        self.relayout()


def run_search(search: Iterator[int | None]) -> TaskSteps[int | None]:
    """Run a search; return the line that matches, or None."""
    for line in search:
        if line is not None:
            return line
        yield None
    return None


def _time_steps(content: TimedContent, text: str, row: int) -> TaskSteps[int | None]:
    """Return the first line at or after a time that a user has typed at a row."""
    yield None
    return (yield from run_search(content.find_time(content.parse_time(text, row))))
