"""The state of the status line: progress of the loads, problems of the store, failures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from qtui.entities import Problem
from qtui.formatting import format_count
from qtui.tui.load.background import LoadGroup
from qtui.tui.widgets.status_line import Loading, StoreStatus


class StatusModel:
    """The status of the store, with the problems met so far and the progress of every load."""

    def __init__(self, show: Callable[[StoreStatus], None]) -> None:
        """Call `show` with each new status."""
        self._show = show
        self._problems: dict[str, dict[Problem, None]] = {}
        self._loads: dict[str, Loading] = {}
        self.status = StoreStatus()

    def set(self, status: StoreStatus) -> None:
        """Show another status."""
        self.status = status
        self._show(status)

    def set_progress(self, group: LoadGroup, progress: Loading | None) -> None:
        """Record the progress of a load, None at its end; the load that reported last is shown."""
        self._loads.pop(group, None)
        if progress is not None:
            self._loads[group] = progress
        self.set(replace(self.status, loading=next(reversed(self._loads.values()), None)))

    def set_failure(self, reason: str) -> None:
        """Show why the store could not be read."""
        self.set(replace(self.status, notice=reason, is_reachable=False))

    def set_read(self, now: int, problems_key: str) -> None:
        """Show that everything was read at this time (ms), the number of problems, and the key that lists them."""
        notice = ""
        if count := len(self.problems):
            them = "it" if count == 1 else "them"
            notice = f"{format_count(count, 'problem')}: {problems_key} lists {them}"
        self.set(replace(self.status, read_at=now, is_reachable=True, notice=notice))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem once."""
        return tuple({problem: None for problems in self._problems.values() for problem in problems})

    def add_problems(self, group: LoadGroup, problems: Iterable[Problem]) -> None:
        """Add problems that a load met."""
        self._problems.setdefault(group, {}).update(dict.fromkeys(problems))

    def clear_problems(self, group: LoadGroup) -> None:
        """Forget the problems of a load that begins again."""
        self._problems[group] = {}
