"""The infos of the runs of a frame, with cached indexes and sort orders."""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import compress
from operator import attrgetter
from typing import TYPE_CHECKING

from qtui.entities import RunInfo, Status, ViewType
from qtui.runs.column_data import NumberColumn, TextColumn

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

TIME_ATTRIBUTES = frozenset({"start_time", "end_time", "duration"})
"""The attributes that are numbers, in milliseconds."""

MAX_INSERTED_ROWS = 200
"""New runs that are inserted into the default order; for more, all runs are sorted."""

ACTIVE = ViewType.ACTIVE.value
"""The lifecycle stage of a run that is not deleted."""

ENTITY_ATTRIBUTES = {"run_name": "name", "user_id": "user"}
"""The attribute of `RunInfo` where it is not MLflow's name."""


class RunInfos:
    """Immutable run infos by row."""

    def __init__(self, items: tuple[RunInfo, ...] = (), presorted: array[int] | None = None) -> None:
        """Create from infos; `presorted` is the default order of the first ones, from an earlier version."""
        self.items = items
        self._presorted = presorted
        self._text_columns: dict[str, TextColumn] = {}

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, row: int) -> RunInfo:
        return self.items[row]

    def __iter__(self) -> Iterator[RunInfo]:
        return iter(self.items)

    @cached_property
    def row_by_id(self) -> dict[str, int]:
        return {info.run_id: row for row, info in enumerate(self.items)}

    @cached_property
    def running_ids(self) -> frozenset[str]:
        """The IDs of the running runs."""
        return frozenset(info.run_id for info in self.items if info.status == Status.RUNNING)

    def with_updates(self, infos: Iterable[RunInfo]) -> RunInfos:
        """Return the infos with these replaced or appended; self if nothing changes."""
        changes = [info for info in infos if self._get(info.run_id) != info]
        if not changes:
            return self
        items, row_by_id = list(self.items), dict(self.row_by_id)
        for info in changes:
            row = row_by_id.setdefault(info.run_id, len(items))
            if row == len(items):
                items.append(info)
            items[row] = info
        updated = RunInfos(tuple(items), self.__dict__.get("default_order", self._presorted))
        updated.row_by_id = row_by_id
        new_rows = range(len(self), len(updated))
        has_moved = any(
            row < len(self) and items[row].start_time != self.items[row].start_time
            for row in (row_by_id[info.run_id] for info in changes)
        )
        if "default_order" in self.__dict__ and not has_moved and len(new_rows) <= MAX_INSERTED_ROWS:
            updated.default_order = self.default_order[:]
            for row in new_rows:
                index = bisect_left(updated.default_order, updated._order_key(row), key=updated._order_key)
                updated.default_order.insert(index, row)
        return updated

    def _get(self, run_id: str) -> RunInfo | None:
        row = self.row_by_id.get(run_id)
        return None if row is None else self.items[row]

    def select(self, keep: NDArray[numpy.bool_]) -> RunInfos:
        """Return the rows for which `keep` is true."""
        import numpy

        selected = RunInfos(tuple(compress(self.items, keep.tobytes())))
        order = numpy.frombuffer(self.default_order, dtype=numpy.int32)
        new_rows = numpy.cumsum(keep, dtype=numpy.int32) - numpy.int32(1)
        selected.default_order = array("i", new_rows[order[keep[order]]].tobytes())
        return selected

    def take(self, rows: Iterable[int]) -> RunInfos:
        """Return these rows in this order."""
        return RunInfos(tuple(self.items[row] for row in rows))

    @cached_property
    def default_order(self) -> array[int]:
        """The rows by start, newest first, then by run ID: the order of MLflow."""
        presorted = self._presorted if self._presorted is not None else array("i")
        # Sorting a list whose beginning is sorted already takes nearly linear time.
        rows = [*presorted, *range(len(presorted), len(self.items))]
        rows.sort(key=list(map(self._order_key, range(len(self)))).__getitem__)
        return array("i", rows)

    def _order_key(self, row: int) -> tuple[int, str]:
        info = self.items[row]
        return -(info.start_time if info.start_time is not None else _NO_START), info.run_id

    @cached_property
    def start_times(self) -> NumberColumn:
        """The start times of the runs (ms)."""
        return NumberColumn.from_values(_to_float(info.start_time) for info in self.items)

    @cached_property
    def end_times(self) -> NumberColumn:
        """The end times of the runs (ms)."""
        return NumberColumn.from_values(_to_float(info.end_time) for info in self.items)

    def durations(self, now: int) -> NumberColumn:
        """Return the durations of the runs (ms), up to `now` for active runs, as `RunInfo.duration` does."""
        import numpy

        start, end = self.start_times, self.end_times
        is_running, is_scheduled = self._has_status(Status.RUNNING), self._has_status(Status.SCHEDULED)
        since = numpy.where(is_running & end.mask, end.floats, start.floats)
        until = numpy.where(is_running, float(now), end.floats)
        present = start.mask & (is_running | end.mask & ~is_scheduled)
        with numpy.errstate(invalid="ignore"):  # Times of a damaged store can be infinite.
            return NumberColumn(array("d", (until - since).tobytes()), present.tobytes())

    def _has_status(self, status: Status) -> NDArray[numpy.bool_]:
        import numpy

        statuses = self.text_column("status")
        code = statuses.pool.code_of(status)
        return numpy.isin(statuses.indices, () if code is None else (code,))

    @cached_property
    def has_active(self) -> bool:
        """Whether any run is not deleted."""
        return any(info.lifecycle_stage == ACTIVE for info in self.items)

    def text_column(self, key: str) -> TextColumn:
        """Return a text attribute by MLflow's key; an empty run name counts as absent."""
        if key not in self._text_columns:
            get = attrgetter(ENTITY_ATTRIBUTES.get(key, key))
            default = None if key == "run_name" else ""
            self._text_columns[key] = TextColumn.from_values(get(info) or default for info in self.items)
        return self._text_columns[key]


_NO_START = -(1 << 62)


def _to_float(milliseconds: int | None) -> float | None:
    """Return a time as a float; infinity for one from a damaged store that no float can hold."""
    if milliseconds is None:
        return None
    try:
        return float(milliseconds)
    except OverflowError:
        return math.inf if milliseconds > 0 else -math.inf
