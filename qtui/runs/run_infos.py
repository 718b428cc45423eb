"""The runs of a frame without their values, with what is worked out from them once."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import compress
from operator import attrgetter

from qtui.entities import RunInfo
from qtui.runs.column_data import NumberColumn, TextColumn

TIME_ATTRIBUTES = frozenset({"start_time", "end_time", "duration"})
"""The attributes that are numbers: milliseconds."""

ENTITY_ATTRIBUTES = {"run_name": "name", "user_id": "user"}
"""Where an entity's word for an attribute is not MLflow's."""


class RunInfos:
    """Run infos by row. Never changed once made; equal ones share what was worked out."""

    def __init__(self, items: tuple[RunInfo, ...] = (), seed: array[int] | None = None) -> None:
        self.items = items
        self._seed = seed
        self._texts: dict[str, TextColumn] = {}

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, row: int) -> RunInfo:
        return self.items[row]

    def __iter__(self) -> Iterator[RunInfo]:
        return iter(self.items)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of every run id."""
        return {info.run_id: row for row, info in enumerate(self.items)}

    def updated(self, infos: Iterable[RunInfo]) -> RunInfos:
        """With these added at the end, or put in the place of what was known of the same runs."""
        news = [info for info in infos if self._get(info.run_id) != info]
        if not news:
            return self
        items, row_of = list(self.items), dict(self.row_of)
        for info in news:
            row = row_of.setdefault(info.run_id, len(items))
            if row == len(items):
                items.append(info)
            items[row] = info
        grown = RunInfos(tuple(items), self.__dict__.get("natural", self._seed))
        grown.row_of = row_of
        return grown

    def _get(self, run_id: str) -> RunInfo | None:
        row = self.row_of.get(run_id)
        return None if row is None else self.items[row]

    def kept(self, keep: bytes) -> RunInfos:
        """Only the rows that are marked."""
        return RunInfos(tuple(compress(self.items, keep)))

    @cached_property
    def natural(self) -> array[int]:
        """The rows with the newest start first, then by run id: the order of MLflow."""
        known = self._seed if self._seed is not None else array("i")
        # What was sorted before comes first: to sort what is sorted but for its end costs next to nothing.
        rows = [*known, *range(len(known), len(self.items))]
        keys = [(-(info.start_time if info.start_time is not None else _NEVER), info.run_id) for info in self.items]
        rows.sort(key=keys.__getitem__)
        return array("i", rows)

    @cached_property
    def started(self) -> NumberColumn:
        """When the runs started."""
        return NumberColumn.of(_time(info.start_time) for info in self.items)

    @cached_property
    def ended(self) -> NumberColumn:
        """When the runs ended."""
        return NumberColumn.of(_time(info.end_time) for info in self.items)

    def lasted(self, now: int) -> NumberColumn:
        """How long the runs took; up to now where they still run."""
        return NumberColumn.of(_time(info.duration(now)) for info in self.items)

    def texts(self, key: str) -> TextColumn:
        """An attribute that is a text, by its canonical key; an empty name is none."""
        if key not in self._texts:
            read = attrgetter(ENTITY_ATTRIBUTES.get(key, key))
            self._texts[key] = TextColumn.of(read(info) or (None if key == "run_name" else "") for info in self.items)
        return self._texts[key]


_NEVER = -(1 << 62)


def _time(milliseconds: int | None) -> float | None:
    """A moment as a float; one that no float holds, which only a damaged store tells, is the end of time."""
    if milliseconds is None:
        return None
    try:
        return float(milliseconds)
    except OverflowError:
        return math.inf if milliseconds > 0 else -math.inf
