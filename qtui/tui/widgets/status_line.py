"""The status line: the store, its size, and when it was read."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive, var
from textual.widget import Widget

from qtui.formatting import format_age
from qtui.text import display, redact, truncate, truncate_start, width
from qtui.value_classes import dataclass

AGE_UPDATE_S = 10.0
"""Seconds between two updates of the age."""

MIN_ADDRESS_CELLS = 16
"""The cells that the address keeps, except beside the most urgent part."""

PROGRESS_BAR_CELLS = 12


@dataclass(frozen=True, slots=True)
class Loading:
    """The progress of a load; the total is None while it is unknown."""

    label: str
    done: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """The content of the status line."""

    uri: str = ""
    """The address of the store; its password is not shown."""

    counts: str = ""
    """The size of the store, such as `5 experiments, 240 runs`."""

    loading: Loading | None = None
    """The load that is running."""

    live: bool | None = None
    """Whether changes in the store are shown as they come; None where that does not apply."""

    is_read_only: bool = False
    """Whether the store cannot be edited."""

    is_reachable: bool = True
    """Whether the store could be read the last time."""

    read_at: int | None = None
    """The time (ms) at which the store was last read."""

    notice: str = ""
    """Why the store could not be read, in a sentence, or how many problems it has."""


class StatusLine(Widget, can_focus=False):
    """A line with the store at the left and its status at the right."""

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
    """The content, set by the screen."""

    line: reactive[Content] = reactive(Content(""))
    """The rendered line; it is painted only when it changes."""

    class Clicked(Message):
        """The line was clicked."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock

    def on_mount(self) -> None:
        """Update the age every few seconds."""
        self.set_interval(AGE_UPDATE_S, self._update)

    def on_resize(self) -> None:
        """Fit the line into the new width."""
        self._update()

    def watch_status(self, status: StoreStatus) -> None:
        """Show the new status."""
        self.tooltip = Content(display(status.notice, one_line=False)) if status.notice else None
        self._update()

    def on_click(self) -> None:
        """Post that the line was clicked."""
        self.post_message(self.Clicked())

    def render(self) -> Content:
        """Return the rendered line."""
        return self.line

    def _update(self) -> None:
        self.line = render_status(self.status, self.content_size.width, int(self._clock() * 1000))


def render_status(status: StoreStatus, cells: int, now: int) -> Content:
    """Return the line: program and store at the left; at the right the most urgent parts that fit."""
    name = Content.styled("qtui", "bold $accent")
    uri = display(redact(status.uri))
    available = cells - len("qtui") - 2
    right = Content("")
    for part in status_parts(status, now, available):
        joined = Content("   ").join([right, part]) if right else part
        if joined.cell_length + 2 + (min(width(uri), MIN_ADDRESS_CELLS) if right else 0) <= available:
            right = joined
    address = truncate_start(uri, max(0, available - right.cell_length - 2))
    gap = " " * max(2, available - width(address) - right.cell_length)
    return Content.assemble(name, "  ", (address, "$text-muted"), gap, right)


def status_parts(status: StoreStatus, now: int, cells: int) -> list[Content]:
    """Return the parts at the right, the most urgent first; the notice takes at most two thirds of the cells."""
    parts = []
    if status.notice:
        parts.append(Content.styled(truncate(display(status.notice), max(0, cells * 2 // 3)), "$error"))
    if status.loading:
        parts.append(render_progress(status.loading))
    if status.is_read_only:
        parts.append(Content.styled("read-only", "$warning"))
    if status.counts:
        parts.append(Content.styled(status.counts, "$foreground"))
    if status.live is not None:
        parts.append(render_live(live=status.live, is_reachable=status.is_reachable))
    if status.read_at is not None:
        parts.append(Content.styled(format_age(status.read_at, now), "$text-muted"))
    return parts


def render_live(*, live: bool, is_reachable: bool) -> Content:
    """Return whether the screen is live; it is green only while the store can be read."""
    if not live:
        return Content.styled("○ not live", "$text-muted")
    return Content.styled("● live", "$success") if is_reachable else Content.styled("○ retrying", "$text-muted")


def render_progress(loading: Loading) -> Content:
    """Return a progress bar, or the count so far while the total is unknown."""
    if not loading.total:
        return Content.styled(f"{loading.label} {loading.done:,}" if loading.done else f"{loading.label} …", "$accent")
    filled = min(PROGRESS_BAR_CELLS, PROGRESS_BAR_CELLS * loading.done // loading.total)
    return Content.assemble(
        (f"{loading.label} ", "$accent"),
        ("━" * filled, "$accent"),
        ("╌" * (PROGRESS_BAR_CELLS - filled), "$line"),
        (f" {loading.done:,} of {loading.total:,}", "$accent"),
    )
