"""Three panes: side by side, the details below, or one at a time, as the terminal has room."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.geometry import Size
from textual.reactive import var

from qtui.tui.commands import CommandHost
from qtui.tui.commands.everywhere import FirstPane, HideExperiments, NextPane, PreviousPane, SecondPane, ThirdPane, Zoom
from qtui.tui.widgets.pane import Pane

ABREAST = 144
"""Columns from which all three stand side by side."""

BESIDE = 80
"""Columns from which the first stands beside the others."""

WIDE = 100
"""Columns below which the experiments take at most 20 of them, so that the runs show metrics."""

HIGH = 16
"""Lines from which the details fit below the runs."""

FIRST, MAIN, DETAILS = range(3)


class Panes(CommandHost, Horizontal):
    """Arranges the panes and leads the focus between them."""

    HEADING = "Everywhere"
    OWN_COMMANDS = (FirstPane, SecondPane, ThirdPane, NextPane, PreviousPane, Zoom, HideExperiments)
    DEFAULT_CSS = """
    Panes {
        height: 1fr;
        & > #first { width: 28; margin-right: 2; }
        &.-narrow > #first { width: 20; margin-right: 1; }
        & > #work {
            width: 1fr;
            layout: vertical;
            & > #main { height: 3fr; }
            & > #details { height: 2fr; }
        }
        &.-abreast > #work {
            layout: horizontal;
            & > #main { width: 9fr; height: 1fr; margin-right: 2; }
            & > #details { width: 5fr; height: 1fr; max-width: 76; }
        }
        &.-alone > #first { width: 1fr; margin-right: 0; }
        &.-alone > #work > #main { margin-right: 0; }
        &.-alone > #work > #details { max-width: 100%; }
    }
    """

    front: var[int] = var(MAIN, init=False)
    """The pane that has the focus, or had it last."""

    zoomed: var[bool] = var(False, init=False)
    """Whether that pane has all the room."""

    first_hidden: var[bool] = var(False, init=False)
    """Whether the first pane leaves its room to the others."""

    def __init__(self, first: Pane, main: Pane, details: Pane) -> None:
        super().__init__()
        self.panes = (first, main, details)
        for pane, name in zip(self.panes, ("first", "main", "details"), strict=True):
            pane.id = name

    def compose(self) -> ComposeResult:
        """The first pane, and the other two in a box of their own."""
        first, main, details = self.panes
        yield first
        with Container(id="work"):
            yield main
            yield details

    def go_to(self, index: int) -> None:
        """Bring a pane to the front and give it the focus; a hidden one is shown again."""
        if index == FIRST:
            self.first_hidden = False
        self.front = index
        self.panes[index].focus_inside()

    def on_mount(self) -> None:
        """Arrange for the size of the terminal, so that the first layout is nearly always the right one."""
        self._arrange(self.app.size)

    def on_resize(self) -> None:
        """Arrange for the new size."""
        self._arrange(self.size)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Bring the pane with the focus to the front; a focus outside the panes changes nothing."""
        inside = (index for index, pane in enumerate(self.panes) if pane in event.widget.ancestors_with_self)
        self.front = next(inside, self.front)

    def watch_front(self) -> None:
        """Show the pane in front."""
        self._arrange(self.size)

    def watch_zoomed(self) -> None:
        """Give the room to the pane in front, or take it back."""
        self._arrange(self.size)

    def watch_first_hidden(self) -> None:
        """Give the room of the first pane to the others, or take it back."""
        self._arrange(self.size)

    def action_first_pane(self) -> None:
        """Go to the first pane."""
        self.go_to(FIRST)

    def action_second_pane(self) -> None:
        """Go to the main pane."""
        self.go_to(MAIN)

    def action_third_pane(self) -> None:
        """Go to the details."""
        self.go_to(DETAILS)

    def action_next_pane(self) -> None:
        """Go to the next pane, and from the last to the first."""
        self._step(1)

    def action_previous_pane(self) -> None:
        """Go to the pane before, and from the first to the last."""
        self._step(-1)

    def _step(self, by: int) -> None:
        visited = [index for index in range(len(self.panes)) if index != FIRST or not self.first_hidden]
        self.go_to(visited[(visited.index(self.front) + by) % len(visited)])

    def action_zoom(self) -> None:
        """Give all the room to the pane in front, or take it back."""
        self.zoomed = not self.zoomed

    def action_hide_experiments(self) -> None:
        """Hide the first pane, or show it again; the focus never stays in a hidden one."""
        self.first_hidden = not self.first_hidden
        if self.first_hidden and self.front == FIRST:
            self.go_to(MAIN)

    def _arrange(self, size: Size) -> None:
        shown = shown_panes(size, self.front, zoomed=self.zoomed, first_hidden=self.first_hidden)
        for index, pane in enumerate(self.panes):
            pane.display = index in shown
        self.query_one("#work").display = bool(shown & {MAIN, DETAILS})
        self.set_class(size.width >= ABREAST, "-abreast")
        self.set_class(size.width < WIDE and len(shown) > 1, "-narrow")
        self.set_class(len(shown) == 1, "-alone")


def shown_panes(size: Size, front: int, *, zoomed: bool = False, first_hidden: bool = False) -> frozenset[int]:
    """Which panes are shown in an area of this size, when this one is in front."""
    if zoomed or size.width < BESIDE:
        return frozenset({front})
    first = frozenset[int]() if first_hidden else frozenset({FIRST})
    if size.width >= ABREAST or size.height >= HIGH:
        return first | {MAIN, DETAILS}
    return first | {DETAILS if front == DETAILS else MAIN}
