"""The first line: which store, how much of it, and how fresh."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive, var
from textual.widget import Widget

from qtui.figures import age
from qtui.text import display, redact, truncate, width

TICK = 10.0
"""Seconds between two looks at the clock."""

LEAST = 16
"""Cells of the address that only the most urgent message may take away."""

BAR = 12
"""Cells of the bar that shows how far a load has come."""


@dataclass(frozen=True, slots=True)
class Loading:
    """How far a load has come; the total is None while nobody knows it."""

    what: str
    done: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """What there is to say of the store."""

    uri: str = ""
    """Its address; it is shown without its password."""

    counts: str = ""
    """How much there is: `5 experiments, 240 runs`."""

    loading: Loading | None = None
    """What is being read now."""

    live: bool | None = None
    """Whether changes are shown as they come; None where that makes no sense."""

    is_reachable: bool = True
    """Whether the last look at the store succeeded."""

    read_at: int | None = None
    """When (ms) it was last read."""

    failure: str = ""
    """Why the last look at it failed, in a sentence; what was read before stays on the screen."""


class StatusLine(Widget, can_focus=False):
    """Shows the store at the left and how it stands at the right."""

    DEFAULT_CSS = """
    StatusLine {
        dock: top;
        height: 1;
        padding: 0 1;
        background: $background;
        color: $text-muted;
    }
    """

    status: var[StoreStatus] = var(StoreStatus())
    """What is shown."""

    line: reactive[Content] = reactive(Content(""))
    """How it is drawn; the terminal is written to only when that changes."""

    class Clicked(Message):
        """The line was clicked."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock

    def on_mount(self) -> None:
        """Let the age grow."""
        self.set_interval(TICK, self._draw)

    def on_resize(self) -> None:
        """Draw for the new width."""
        self._draw()

    def watch_status(self, status: StoreStatus) -> None:
        """Draw the new status."""
        self.tooltip = Content(display(status.failure, one_line=False)) if status.failure else None
        self._draw()

    def on_click(self) -> None:
        """Say that it was clicked."""
        self.post_message(self.Clicked())

    def render(self) -> Content:
        """The line."""
        return self.line

    def _draw(self) -> None:
        self.line = drawn(self.status, self.content_size.width, int(self._clock() * 1000))


def drawn(status: StoreStatus, cells: int, now: int) -> Content:
    """The whole line: the program and the store, then as much as fits of what is said of it, ending at the right."""
    name = Content.styled("qtui", "bold $accent")
    uri = display(redact(status.uri))
    room = cells - len("qtui") - 2
    right = Content("")
    for part in said(status, now, room):
        joined = Content("   ").join([right, part]) if right else part
        if joined.cell_length + 2 + (min(width(uri), LEAST) if right else 0) <= room:
            right = joined
    place = ending(uri, max(0, room - right.cell_length - 2))
    gap = " " * max(2, room - width(place) - right.cell_length)
    return Content.assemble(name, "  ", (place, "$text-muted"), gap, right)


def said(status: StoreStatus, now: int, room: int) -> list[Content]:
    """What is said of the store, the most urgent first."""
    parts = []
    if status.failure:
        parts.append(Content.styled(truncate(display(status.failure), max(0, room * 2 // 3)), "$error"))
    if status.loading:
        parts.append(progress(status.loading))
    if status.counts:
        parts.append(Content.styled(status.counts, "$foreground"))
    if status.live is not None:
        parts.append(liveness(live=status.live, is_reachable=status.is_reachable))
    if status.read_at is not None:
        parts.append(Content.styled(age(status.read_at, now), "$text-muted"))
    return parts


def liveness(*, live: bool, is_reachable: bool) -> Content:
    """Return whether changes are shown: green only while they can be read."""
    if not live:
        return Content.styled("○ not live", "$text-muted")
    return Content.styled("● live", "$success") if is_reachable else Content.styled("○ retrying", "$text-muted")


def progress(loading: Loading) -> Content:
    """A bar where the total is known, else how much came so far."""
    if not loading.total:
        return Content.styled(f"{loading.what} {loading.done:,}" if loading.done else f"{loading.what} …", "$accent")
    filled = min(BAR, BAR * loading.done // loading.total)
    return Content.assemble(
        (f"{loading.what} ", "$accent"),
        ("━" * filled, "$accent"),
        ("╌" * (BAR - filled), "$line"),
        (f" {loading.done:,} of {loading.total:,}", "$accent"),
    )


def ending(text: str, cells: int) -> str:
    """The end of a text that is too long for so many cells: of an address it says more than the beginning."""
    if width(text) <= cells:
        return text
    while text and width(text) > cells - 1:
        text = text[1:]
    return f"…{text}" if text else ""
