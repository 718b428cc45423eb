"""A list to choose from: a line each with a note and something at its right end; what cannot be chosen is greyed."""

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
    """Shows what matches, with one line under the cursor. It leaves the keys to its screen."""

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
    """The line with the cursor."""

    marked: var[tuple[T, ...]] = var((), init=False)
    """The values with a mark before them."""

    @dataclass
    class Highlighted(Message):
        """The cursor is on another line, or on none."""

        choice: Choice[Any] | None

    @dataclass
    class Clicked(Message):
        """A line was clicked."""

        choice: Choice[Any]

    def __init__(self, choices: Sequence[Choice[T]]) -> None:
        super().__init__()
        self.choices = tuple(choices)
        self.lines = search_choices(self.choices, "")
        self._text_width = max((width(display(each.text)) for each in self.choices if each.note), default=0)

    def on_mount(self) -> None:
        """Know the size, and say where the cursor is."""
        self._resize()

    def show(self, wanted: str, choices: Sequence[Choice[T]] | None = None) -> None:
        """Show what matches these letters, the cursor on the best."""
        if choices is not None:
            self.choices = tuple(choices)
        self.lines = search_choices(self.choices, wanted)
        self._resize()
        self.cursor = 0
        self.scroll_to(y=0, animate=False)
        self._say()

    @property
    def current(self) -> Choice[T] | None:
        """The choice under the cursor."""
        return self.lines[self.cursor].choice if self.lines else None

    def go_to(self, value: T) -> None:
        """Put the cursor on a value, if it is shown."""
        for index, line in enumerate(self.lines):
            if line.choice.value == value:
                self.move(index - self.cursor)

    def move(self, by: int) -> None:
        """Move the cursor by some lines; it stops at the ends."""
        if self.lines:
            self.cursor = max(0, min(len(self.lines) - 1, self.cursor + by))

    def watch_cursor(self) -> None:
        """Keep the cursor in sight."""
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False)
        self._say()
        self.refresh()

    def watch_marked(self) -> None:
        """Show the marks."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the list."""
        index = y + self.scroll_offset.y
        cells = self.scrollable_content_region.width
        if index >= len(self.lines):
            return Strip.blank(cells, self.rich_style)
        style = {name: self.get_component_rich_style(f"choice-list--{name}", partial=True) for name in _STYLES}
        line = self.lines[index]
        segments = drawn(line, cells, self._text_width, style, marked=line.choice.value in self.marked)
        if index == self.cursor:
            segments = [Segment(each.text, (each.style or Style()) + style["cursor"]) for each in segments]
        return Strip(segments, cells).apply_style(self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Choose with the mouse."""
        index = event.y + self.scroll_offset.y
        if 0 <= index < len(self.lines):
            self.cursor = index
            self.post_message(self.Clicked(self.lines[index].choice))

    def _resize(self) -> None:
        self.virtual_size = Size(0, len(self.lines))
        self.refresh(layout=True)

    def _say(self) -> None:
        self.post_message(self.Highlighted(self.current))


_STYLES = ("text", "note", "detail", "match", "off", "cursor", "marked")


def drawn(
    line: ChoiceMatch[T], cells: int, text_width: int, style: dict[str, Style], *, marked: bool = False
) -> list[Segment]:
    """A line as wide as it has to be: mark, text, note, and the detail at its right end."""
    choice, off = line.choice, line.choice.why_not is not None
    detail = truncate(display(choice.detail), max(0, cells // 2))
    room = max(0, cells - 3 - (width(detail) + 2 if detail else 0))
    text = truncate(display(choice.text), room)
    column = max(width(text), min(text_width, cells // 2, room))
    note = truncate(display(choice.why_not or choice.note), max(0, room - column - 2))
    plain = style["off"] if off else style["text"]
    segments = [
        Segment("• " if marked else "  ", style["marked"]),
        *_highlighted(text, line.match.positions, plain, style["match"]),
    ]
    segments.append(Segment(" " * (column - width(text) + (2 if note else 0)) + note, style["off" if off else "note"]))
    filled = sum(width(each.text) for each in segments)
    return [*segments, Segment(pad(detail, max(0, cells - filled - 1), ">") + " ", style["off" if off else "detail"])]


def _highlighted(text: str, at: tuple[int, ...], plain: Style, bright: Style) -> list[Segment]:
    hits = set(at)
    return [Segment(letter, bright if index in hits else plain) for index, letter in enumerate(text)]
