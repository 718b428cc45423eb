"""Which values of a run are to be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which values to read with runs. None means every key of that kind."""

    params: frozenset[str] | None = frozenset()
    metrics: frozenset[str] | None = frozenset()
    tags: frozenset[str] | None = frozenset()
    inputs: bool = False
    summaries: frozenset[str] | None = frozenset()
    """Metrics whose whole history is to be summed up."""


NOTHING = Wanted()
EVERYTHING = Wanted(params=None, metrics=None, tags=None, inputs=True)
