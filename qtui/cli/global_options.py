"""The options that all commands have, and the report of problems in the store."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from qtui import settings, stderr
from qtui.formatting import format_count

if TYPE_CHECKING:
    from qtui.entities import Problem
    from qtui.recorder import Library


class GlobalOptions(NamedTuple):
    """The options of the store, before or after the name of a command."""

    uri: str | None = None
    read_only: bool = False

    def library(self) -> Library:
        """Open the store of these options."""
        from qtui.recorder import Library

        cache = settings.cache_dir() if settings.current().cache.enabled else None
        return Library(self.uri, cache=cache, read_only=self.read_only)


def report_problems(problems: Iterable[Problem], listed: Collection[str] = ()) -> None:
    """Print the number of problems to stderr, and how to see them; `listed` has the IDs of runs that are listed."""
    unique = set(problems)
    missing = {problem.run_id for problem in unique if problem.run_id is not None and problem.run_id not in listed}
    damaged = {problem.run_id for problem in unique if problem.run_id in listed}
    other = [problem for problem in unique if problem.run_id is None]
    parts = []
    if missing:
        parts.append(f"{format_count(len(missing), 'damaged run is', 'damaged runs are')} not shown")
    if damaged:
        parts.append(f"{format_count(len(damaged), 'run has', 'runs have')} damaged parts")
    if other:
        parts.append(f"{format_count(len(other), 'other part')} cannot be read")
    if parts:
        stderr.print_message(f"{', '.join(parts)}; qtui doctor says why.")
