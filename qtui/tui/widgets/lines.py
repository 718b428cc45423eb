"""A list of rows with a cursor, for the tree of experiments, the details and the legend."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.color import Color
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from qtui.tui.commands import Command, CommandHost
from qtui.tui.commands.cursor import CURSOR_COMMANDS, Open
from qtui.tui.present.rows import Piece

Row = TypeVar("Row")

ROLES = ("text", "muted", "accent", "strong", "good", "warning", "error", "heading")
"""The roles of pieces; every role has a component class of its name."""


class Lines(CommandHost, ScrollView, Generic[Row], can_focus=True):
    """Shows rows of any type, one on a line, rendered by a function into pieces."""

    OWN_COMMANDS: ClassVar[tuple[type[Command[Any]], ...]] = (Open, *CURSOR_COMMANDS)
    COMPONENT_CLASSES: ClassVar[set[str]] = {"lines--cursor", *(f"lines--{role}" for role in ROLES)}
    DEFAULT_CSS = """
    Lines {
        background: transparent;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;
        overflow-x: hidden;
        & .lines--text { color: $foreground; }
        & .lines--muted { color: $text-muted; }
        & .lines--accent { color: $accent; }
        & .lines--strong { color: $foreground; text-style: bold; }
        & .lines--good { color: $good; }
        & .lines--warning { color: $warning; }
        & .lines--error { color: $error; }
        & .lines--heading { color: $text-muted; text-style: bold; }
        & .lines--cursor {
            color: $block-cursor-blurred-foreground;
            background: $block-cursor-blurred-background;
            text-style: $block-cursor-blurred-text-style;
        }
        &:focus .lines--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
    }
    """

    cursor: var[int] = var(0, init=False)
    """The index of the row with the cursor."""

    @dataclass
    class Highlighted(Message):
        """The cursor moved to another row, or to none."""

        lines: Lines[Any]
        row: Any

        @property
        def control(self) -> Lines[Any]:
            """Return the list that posted the message."""
            return self.lines

    @dataclass
    class Opened(Message):
        """A row was opened by key or mouse."""

        lines: Lines[Any]
        row: Any

        @property
        def control(self) -> Lines[Any]:
            """Return the list that posted the message."""
            return self.lines

    def __init__(self, draw: Callable[[Row, int], Sequence[Piece]], identity: Callable[[Row], Hashable] = id) -> None:
        """`draw` returns the pieces of a row for a width; `identity` returns a key that survives a reload."""
        super().__init__()
        self.draw = draw
        self.identity = identity
        self.rows: tuple[Row, ...] = ()

    @property
    def current(self) -> Row | None:
        """Return the row under the cursor, or None."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    @property
    def at_line(self) -> bool:
        """Return whether there is a row under the cursor."""
        return self.current is not None

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows; the cursor stays on its row, or on its index if that row is gone."""
        before = self.current
        if bool(rows) is not bool(self.rows):
            self.refresh_bindings()
        self.rows = tuple(rows)
        self.virtual_size = Size(0, len(self.rows))
        self.refresh()
        self.cursor = self._index_of(before)
        after = self.current
        if before is None or after is None or self.identity(before) != self.identity(after):
            self.post_message(self.Highlighted(self, after))

    def _index_of(self, row: Row | None) -> int:
        if row is not None:
            identity = self.identity(row)
            for index, other in enumerate(self.rows):
                if self.identity(other) == identity:
                    return index
        return max(0, min(self.cursor, len(self.rows) - 1))

    def go_to(self, identity: Hashable) -> bool:
        """Put the cursor on the row with this identity; return whether there is one."""
        for index, row in enumerate(self.rows):
            if self.identity(row) == identity:
                self.cursor = index
                return True
        return False

    def validate_cursor(self, cursor: int) -> int:
        """Clamp the cursor to the rows."""
        return max(0, min(cursor, len(self.rows) - 1))

    def watch_cursor(self, before: int, after: int) -> None:
        """Redraw both lines, scroll to the cursor, and post Highlighted."""
        self.refresh_line(before)
        self.refresh_line(after)
        self.scroll_to_region(Region(0, after, 1, 1), animate=False, force=True)
        self.post_message(self.Highlighted(self, self.current))

    def on_focus(self) -> None:
        """Redraw the cursor, whose style depends on the focus."""
        self.refresh_line(self.cursor)

    def on_blur(self) -> None:
        """Redraw the cursor, whose style depends on the focus."""
        self.refresh_line(self.cursor)

    def render_line(self, y: int) -> Strip:
        """Render a visible line."""
        index = y + self.scroll_offset.y
        cells = self.scrollable_content_region.width
        if index >= len(self.rows):
            return Strip.blank(cells, self.rich_style)
        return Strip(self._segments(index, cells)).adjust_cell_length(cells, self._background(index))

    def _segments(self, index: int, cells: int) -> list[Segment]:
        background = self._background(index)
        plain = index != self.cursor or not background.reverse
        return [
            Segment(piece.text, self._style(piece.role) + background if plain else background)
            for piece in self.draw(self.rows[index], cells)
        ]

    def _background(self, index: int) -> Style:
        """Return the background style of a row, which is that of the cursor on the current row."""
        if index != self.cursor:
            return self.rich_style.background_style
        cursor = self.get_component_rich_style("lines--cursor", partial=True)
        return (
            self.rich_style.background_style + cursor
            if cursor.reverse
            else cursor.without_color + Style(bgcolor=cursor.bgcolor)
        )

    def _style(self, role: str) -> Style:
        if role.startswith("run-"):
            return Style(color=Color.parse(self.app.theme_variables[role]).rich_color)
        return self.get_component_rich_style(f"lines--{role}", partial=True)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked row; a second click opens it."""
        index = event.y + self.scroll_offset.y
        if index < len(self.rows):
            if index == self.cursor or event.chain > 1:
                self.action_open()
            self.cursor = index

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if self.current is not None:
            self.post_message(self.Opened(self, self.current))

    def action_cursor_down(self) -> None:
        """Go one row down."""
        self.cursor += 1

    def action_cursor_up(self) -> None:
        """Go one row up."""
        self.cursor -= 1

    def action_scroll_home(self) -> None:
        """Go to the first row."""
        self.cursor = 0

    def action_scroll_end(self) -> None:
        """Go to the last row."""
        self.cursor = len(self.rows) - 1

    def action_half_page_down(self) -> None:
        """Go half a page down."""
        self.cursor += max(1, self.size.height // 2)

    def action_half_page_up(self) -> None:
        """Go half a page up."""
        self.cursor -= max(1, self.size.height // 2)

    def action_page_down(self) -> None:
        """Go a page down."""
        self.cursor += max(1, self.size.height - 1)

    def action_page_up(self) -> None:
        """Go a page up."""
        self.cursor -= max(1, self.size.height - 1)
