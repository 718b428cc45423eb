"""Looking again: what has changed in the store since it was read is shown as it comes."""

from __future__ import annotations

from dataclasses import replace

from textual import on

from qtui.tui import load as reading
from qtui.tui.load import NewsRead
from qtui.tui.load.background import LoadGroup, ReadFailed
from qtui.tui.screens.browser.layout import LIVELY, LOOK, QUIET
from qtui.tui.screens.browser.runs_loader import Asking

MISSING = (
    "There is no store here yet.",
    "It is shown as soon as something is logged there. To look around without one, leave and run `qtui demo`.",
)
"""What is said where there is no store: a heading, and what can be done."""


class Looking(Asking):
    """Looks at the store again and again, once it has been read."""

    def action_toggle_live(self) -> None:
        """Switch on or off that changes are shown as they come."""
        self.status = replace(self.status, live=not self.status.live)
        if self.status.live:
            self._look_again()

    @on(Asking.AllRead)
    def _begin_to_look(self, message: Asking.AllRead) -> None:
        if message.question == self._question:
            self._rest_until_the_next_look()

    def _rest_until_the_next_look(self, *, lively: bool = True) -> None:
        self.status = replace(self.status, read_at=self._clock(), is_reachable=True)
        self._tell_damage()
        seconds = self._options.refresh or (LIVELY if lively else QUIET)
        self._after(seconds, LOOK, self._look_again)

    def _look_again(self) -> None:
        """Look for what has changed; begin anew while nothing could be read."""
        if self.status.live and not self._watch and not self.is_loading(LoadGroup.RUNS):
            self.action_refresh()
        elif self.status.live and self._watch:
            known = {info.run_id: info for info in self.runs.frame.infos}
            self.read(LoadGroup.NEWS, reading.news(self._library, self._question, known, self._watch))

    @on(NewsRead)
    def _show_news(self, message: NewsRead) -> None:
        if message.question != self._question:
            return
        if message.news.gone:
            self.runs.drop(message.news.gone)
        if message.runs:
            self.runs.fill(message.runs)
            self._read_catalogue()
        self._rest_until_the_next_look(lively=bool(message.news) or self.runs.anything_runs)

    @on(ReadFailed)
    def _say_failure(self, message: ReadFailed) -> None:
        """What was read before stays on the screen; the next look may succeed."""
        self._show_progress(message.group, None)
        self.status = replace(self.status, failure=message.sentence, is_reachable=False)
        if not len(self.runs.frame):
            heading, advice = MISSING if message.is_missing else ("The store cannot be read.", "")
            self.runs.say(heading, "\n\n".join(filter(None, (message.sentence, advice))))
        self._after(self._options.refresh or QUIET, LOOK, self._look_again)
