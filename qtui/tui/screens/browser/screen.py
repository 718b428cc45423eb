"""The screen people live in."""

from __future__ import annotations

from qtui.figures import count
from qtui.tui import keymap
from qtui.tui.commands.everywhere import Back, Quit, Refresh, ToggleLive
from qtui.tui.commands.store import ShowProblems
from qtui.tui.screens.browser.charts import Charting
from qtui.tui.screens.browser.polling import Looking
from qtui.tui.screens.browser.summaries_loader import Summing
from qtui.tui.widgets.panes import MAIN, Panes


class BrowserScreen(Looking, Summing, Charting):
    """Takes what the panes want to those who read, and to the panes what was read: each flow hears what concerns it."""

    PLACE = "Everywhere"
    OFFERS = (Refresh, ToggleLive, ShowProblems, Back, Quit)
    AUTO_FOCUS = "RunsTable"
    _key_count = 0
    _quit_asked_at: int | None = None
    """The count of keys when the user was asked to press the key again."""

    def action_back(self) -> None:
        """Go back: to all panes, to the runs, to the runs without a filter."""
        panes = self.query_one(Panes)
        if panes.zoomed:
            panes.zoomed = False
        elif panes.front != MAIN:
            panes.go_to(MAIN)
        else:
            self.runs.bar.show("")

    def on_key(self) -> None:
        """Count the keys that no field took: any key between two quits cancels the first one."""
        self._key_count += 1
        if self._quit_asked_at == self._key_count - 1:
            self.app.clear_notifications()

    def action_quit(self) -> None:
        """Quit; with marked runs only at the second key press in a row, for their marks would be lost."""
        marks = len(self.runs.table.marks)
        if not marks or self._quit_asked_at == self._key_count - 1:
            self.app.exit()
            return
        self._quit_asked_at = self._key_count
        key = keymap.written(keymap.keys_of("quit", self.app.keys)[0])
        self.app.say(f"{count(marks, 'run')} marked: press {key} again to quit.", severity="warning")
