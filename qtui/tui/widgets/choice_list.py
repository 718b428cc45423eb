"""The list of choices in a dialog: text, note and detail on a line, with matching characters highlighted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from qtui.text import display, pad, truncate, width
from qtui.tui.present.choices import Choice, ChoiceMatch, search_choices

T = TypeVar("T")


class ChoiceList(ScrollView, Generic[T], can_focus=False):
    """Shows the choices that match a query, with a cursor; the dialog handles the keys."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "choice-list--text",
        "choice-list--note",
        "choice-list--detail",
        "choice-list--match",
        "choice-list--off",
        "choice-list--cursor",
        "choice-list--marked",
    }
    DEFAULT_CSS = """
    ChoiceList {
        height: auto;
        background: transparent;
        scrollbar-size-vertical: 1;
        & .choice-list--text { color: $foreground; }
        & .choice-list--note { color: $text-muted; }
        & .choice-list--detail { color: $text-muted; }
        & .choice-list--match { color: $accent; text-style: bold; }
        & .choice-list--off { color: $text-muted; text-style: dim; }
        & .choice-list--marked { color: $accent; }
        & .choice-list--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
    }
    """

    cursor: var[int] = var(0, init=False)
    """The index of the line with the cursor."""

    marked: var[tuple[T, ...]] = var((), init=False)
    """The marked values."""

    @dataclass
    class Highlighted(Message):
        """The cursor moved to another choice, or to none."""

        choice: Choice[Any] | None

    @dataclass
    class Clicked(Message):
        """A choice was clicked."""

        choice: Choice[Any]

    def __init__(self, choices: Sequence[Choice[T]]) -> None:
        super().__init__()
        self.choices = tuple(choices)
        self.lines = search_choices(self.choices, "")
        self._text_width = max((width(display(choice.text)) for choice in self.choices if choice.note), default=0)

    def on_mount(self) -> None:
        """Set the size of the list."""
        self._resize()

    def show(self, query: str, choices: Sequence[Choice[T]] | None = None) -> None:
        """Show the choices that match a query, with the cursor on the best one."""
        if choices is not None:
            self.choices = tuple(choices)
        self.lines = search_choices(self.choices, query)
        self._resize()
        self.cursor = 0
        self.scroll_to(y=0, animate=False)
        self._post_highlighted()

    @property
    def current(self) -> Choice[T] | None:
        """Return the choice under the cursor, or None."""
        return self.lines[self.cursor].choice if self.lines else None

    def go_to(self, value: T) -> None:
        """Put the cursor on a value, if it is in the list."""
        for index, line in enumerate(self.lines):
            if line.choice.value == value:
                self.move(index - self.cursor)

    def move(self, by: int) -> None:
        """Move the cursor by lines; it stops at the ends."""
        if self.lines:
            self.cursor = max(0, min(len(self.lines) - 1, self.cursor + by))

    def watch_cursor(self) -> None:
        """Scroll to the cursor, and post Highlighted."""
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False)
        self._post_highlighted()
        self.refresh()

    def watch_marked(self) -> None:
        """Redraw the marks."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Render a visible line."""
        index = y + self.scroll_offset.y
        cells = self.scrollable_content_region.width
        if index >= len(self.lines):
            return Strip.blank(cells, self.rich_style)
        style = {name: self.get_component_rich_style(f"choice-list--{name}", partial=True) for name in _ROLES}
        line = self.lines[index]
        segments = render_choice(line, cells, self._text_width, style, marked=line.choice.value in self.marked)
        if index == self.cursor:
            segments = [Segment(text, (own_style or Style()) + style["cursor"]) for text, own_style, _ in segments]
        return Strip(segments, cells).apply_style(self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the clicked choice, and post Clicked."""
        index = event.y + self.scroll_offset.y
        if 0 <= index < len(self.lines):
            self.cursor = index
            self.post_message(self.Clicked(self.lines[index].choice))

    def _resize(self) -> None:
        self.virtual_size = Size(0, len(self.lines))
        self.refresh(layout=True)

    def _post_highlighted(self) -> None:
        self.post_message(self.Highlighted(self.current))


_ROLES = ("text", "note", "detail", "match", "off", "cursor", "marked")


def render_choice(
    line: ChoiceMatch[T], cells: int, text_width: int, style: dict[str, Style], *, marked: bool = False
) -> list[Segment]:
    """Return the segments of a choice: mark, text, note, and the detail at the right end."""
    choice, off = line.choice, line.choice.why_not is not None
    detail = truncate(display(choice.detail), max(0, cells // 2))
    room = max(0, cells - 3 - (width(detail) + 2 if detail else 0))
    text = truncate(display(choice.text), room)
    column = max(width(text), min(text_width, cells // 2, room))
    note = truncate(display(choice.why_not or choice.note), max(0, room - column - 2))
    plain = style["off"] if off else style["text"]
    segments = [
        Segment("• " if marked else "  ", style["marked"]),
        *_highlight(text, line.match.positions, plain, style["match"]),
    ]
    segments.append(Segment(" " * (column - width(text) + (2 if note else 0)) + note, style["off" if off else "note"]))
    filled = sum(width(segment.text) for segment in segments)
    return [*segments, Segment(pad(detail, max(0, cells - filled - 1), ">") + " ", style["off" if off else "detail"])]


def _highlight(text: str, positions: tuple[int, ...], plain: Style, highlight: Style) -> list[Segment]:
    matching = set(positions)
    return [Segment(char, highlight if index in matching else plain) for index, char in enumerate(text)]
