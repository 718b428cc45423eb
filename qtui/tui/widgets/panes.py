"""The three panes: side by side, the details below the runs, or one at a time, by the size of the terminal."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.geometry import Size
from textual.reactive import var

from qtui.tui.commands import CommandHost
from qtui.tui.commands.everywhere import FirstPane, HideExperiments, NextPane, PreviousPane, SecondPane, ThirdPane, Zoom
from qtui.tui.widgets.pane import Pane

THREE_COLUMNS_MIN_WIDTH = 144
"""The terminal width from which all three panes are side by side."""

TWO_COLUMNS_MIN_WIDTH = 80
"""The terminal width from which the experiments are beside the other panes."""

WIDE_EXPERIMENTS_MIN_WIDTH = 100
"""The terminal width below which the experiments take only 20 columns, so that the runs show metrics."""

STACKED_DETAILS_MIN_HEIGHT = 16
"""The terminal height from which the details are below the runs."""

FIRST, MAIN, DETAILS = range(3)


class Panes(CommandHost, Horizontal):
    """The container that arranges the panes and moves the focus between them."""

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
    """The index of the pane that has the focus, or had it last."""

    zoomed: var[bool] = var(False, init=False)
    """Whether the pane in front fills the screen."""

    first_hidden: var[bool] = var(False, init=False)
    """Whether the first pane is hidden."""

    def __init__(self, first: Pane, main: Pane, details: Pane) -> None:
        super().__init__()
        self.panes = (first, main, details)
        for pane, name in zip(self.panes, ("first", "main", "details"), strict=True):
            pane.id = name
        self._work = Container(main, details, id="work")

    def compose(self) -> ComposeResult:
        """Compose the first pane, and a container with the other two.

        They are arranged for the size of the terminal before, so that their styles are computed once.
        """
        self._arrange(self.app.size)
        yield self.panes[FIRST]
        yield self._work

    def go_to(self, index: int) -> None:
        """Focus a pane; the first one is shown again if it was hidden."""
        if index == FIRST:
            self.first_hidden = False
        self.front = index
        self.panes[index].focus_inside()

    def on_resize(self) -> None:
        """Arrange for the new size."""
        self._arrange(self.size)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember which pane has the focus; a focus outside the panes changes nothing."""
        indexes = (index for index, pane in enumerate(self.panes) if pane in event.widget.ancestors_with_self)
        self.front = next(indexes, self.front)

    def watch_front(self) -> None:
        """Show the pane in front."""
        self._arrange(self.size)

    def watch_zoomed(self) -> None:
        """Show the pane in front alone, or all panes."""
        self._arrange(self.size)

    def watch_first_hidden(self) -> None:
        """Hide or show the first pane."""
        self._arrange(self.size)

    def go_to_neighbour(self, step: int) -> None:
        """Go to the next pane, and from the last to the first; with a negative step backwards."""
        available = [index for index in range(len(self.panes)) if index != FIRST or not self.first_hidden]
        self.go_to(available[(available.index(self.front) + step) % len(available)])

    def action_zoom(self) -> None:
        """Show the pane in front alone, or all panes."""
        self.zoomed = not self.zoomed

    def action_hide_experiments(self) -> None:
        """Hide or show the first pane; a focus in it moves to the runs."""
        self.first_hidden = not self.first_hidden
        if self.first_hidden and self.front == FIRST:
            self.go_to(MAIN)

    def _arrange(self, size: Size) -> None:
        visible = visible_panes(size, self.front, zoomed=self.zoomed, first_hidden=self.first_hidden)
        for index, pane in enumerate(self.panes):
            pane.display = index in visible
        self._work.display = bool(visible & {MAIN, DETAILS})
        self.set_class(size.width >= THREE_COLUMNS_MIN_WIDTH, "-abreast")
        self.set_class(size.width < WIDE_EXPERIMENTS_MIN_WIDTH and len(visible) > 1, "-narrow")
        self.set_class(len(visible) == 1, "-alone")


def visible_panes(size: Size, front: int, *, zoomed: bool = False, first_hidden: bool = False) -> frozenset[int]:
    """Return the indexes of the panes that are visible in this size, with this pane in front."""
    if zoomed or size.width < TWO_COLUMNS_MIN_WIDTH:
        return frozenset({front})
    first = frozenset[int]() if first_hidden else frozenset({FIRST})
    if size.width >= THREE_COLUMNS_MIN_WIDTH or size.height >= STACKED_DETAILS_MIN_HEIGHT:
        return first | {MAIN, DETAILS}
    return first | {DETAILS if front == DETAILS else MAIN}
