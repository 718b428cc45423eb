"""The screen people live in."""

from __future__ import annotations

from textual import on

from qtui.tui.commands.everywhere import Back, Refresh, ToggleLive
from qtui.tui.commands.store import ShowProblems
from qtui.tui.messages import CopyWanted
from qtui.tui.screens.browser.charting import Charting
from qtui.tui.screens.browser.looking import Looking
from qtui.tui.screens.browser.summing import Summing
from qtui.tui.widgets.panes import MAIN, Panes


class BrowserScreen(Looking, Summing, Charting):
    """Takes what the panes want to those who read, and to the panes what was read: each flow hears what concerns it."""

    PLACE = "Everywhere"
    OFFERS = (Refresh, ToggleLive, ShowProblems, Back)
    AUTO_FOCUS = "RunsTable"

    def action_back(self) -> None:
        """Go back: to all panes, to the runs, to the runs without a filter."""
        panes = self.query_one(Panes)
        if panes.zoomed:
            panes.zoomed = False
        elif panes.front != MAIN:
            panes.go_to(MAIN)
        else:
            self.runs.bar.show("")

    @on(CopyWanted)
    def _copy(self, message: CopyWanted) -> None:
        self.app.copy(message.text, message.what)
