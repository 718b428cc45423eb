"""What holds for one call of the program: which store, and what is said about it on stderr."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from qtui import crash, settings
from qtui.formatting import format_count

if TYPE_CHECKING:
    from qtui.entities import Problem
    from qtui.recorder import Library


class Session(NamedTuple):
    """The global options."""

    uri: str | None = None
    read_only: bool = False

    def library(self) -> Library:
        """The experiments of the store that is meant."""
        from qtui.recorder import Library

        return Library(self.uri, cache=settings.cache_dir() if settings.current().cache.enabled else None)


def tell_problems(problems: Iterable[Problem], shown: Collection[str] = ()) -> None:
    """Count on stderr what could not be read, and say where it is told in full."""
    found = set(problems)
    lost = {each.run_id for each in found if each.run_id is not None and each.run_id not in shown}
    partly = {each.run_id for each in found if each.run_id in shown}
    other = [each for each in found if each.run_id is None]
    parts = []
    if lost:
        parts.append(f"{format_count(len(lost), 'damaged run is', 'damaged runs are')} not shown")
    if partly:
        parts.append(f"{format_count(len(partly), 'run has', 'runs have')} damaged parts")
    if other:
        parts.append(f"{format_count(len(other), 'thing')} beside the runs cannot be read")
    if parts:
        crash.say(f"{', '.join(parts)}; qtui doctor says why.")
