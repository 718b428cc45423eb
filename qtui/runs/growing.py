"""A runs frame as it grows out of a store: every run at once, its values batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from qtui.entities import Problem, View
from qtui.query.wanted import EVERYTHING, Wanted
from qtui.recorder import Library
from qtui.runs.frame import RunsFrame
from qtui.store.search import gathered

FIRST, MOST = 500, 4_000
"""How many runs have their values read first, then twice as many, and at most: each growth copies columns, and
each batch is in memory twice."""


class Growth(NamedTuple):
    """A frame so far, and what could not be read so far."""

    frame: RunsFrame
    problems: tuple[Problem, ...] = ()


def growing(
    library: Library,
    experiments: Sequence[str] | None = None,
    *,
    view: View = View.ACTIVE,
    wanted: Wanted = EVERYTHING,
) -> Iterator[Growth]:
    """The frame of these experiments' runs, by name or id, again and again: first infos, then the newest's values."""
    grown = Growth(RunsFrame())
    for batch in library.infos(library.query(experiments).experiment_ids, view):
        grown = Growth(grown.frame.with_infos(batch.items), grown.problems + batch.problems)
        yield grown
    newest = [grown.frame.infos[row] for row in grown.frame.infos.natural]
    start, size = 0, FIRST
    while start < len(newest):
        runs, problems = gathered(library.values(newest[start : start + size], wanted))
        grown = Growth(grown.frame.with_runs(runs, wanted), grown.problems + problems)
        yield grown
        start, size = start + size, min(size * 2, MOST)
