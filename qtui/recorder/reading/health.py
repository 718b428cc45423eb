"""Checks of runs: stale ones, moved artifacts and problems of artifacts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

from qtui.entities import Problem, RunInfo, Status
from qtui.errors import ArtifactNotFound, StoreError
from qtui.formatting import now_ms
from qtui.store import Store
from qtui.store.artifacts.walk import walk
from qtui.value_classes import dataclass

STALE_AFTER = timedelta(hours=1)
"""Time without writes after which a running run is stale; an epoch may take half an hour."""


@dataclass(frozen=True, slots=True)
class StaleRun:
    """A running run without recent writes, and the time (ms) of its last write, if it is known."""

    info: RunInfo
    last_write: int | None


@dataclass(frozen=True, slots=True)
class MovedRun:
    """A run whose artifacts are in the store's folder instead of the recorded location."""

    info: RunInfo
    recorded: str
    found: Path


def stale_runs(
    store: Store, infos: Iterable[RunInfo], now: int | None = None, stale_after: timedelta = STALE_AFTER
) -> Iterator[StaleRun]:
    """Yield those of these runs that are running without writes during `stale_after` before `now` (ms)."""
    moment = now_ms() if now is None else now
    for info in infos:
        if info.status == Status.RUNNING and is_stale(info, last_write := store.last_write(info), moment, stale_after):
            yield StaleRun(info, last_write)


def is_stale(info: RunInfo, last_write: int | None, now: int, stale_after: timedelta = STALE_AFTER) -> bool:
    """Return whether a running run has not written during `stale_after` before `now` (ms)."""
    if info.status != Status.RUNNING:
        return False
    return last_write is None or last_write < now - stale_after // timedelta(milliseconds=1)


def moved_runs(store: Store, infos: Iterable[RunInfo]) -> Iterator[MovedRun]:
    """Yield those of these runs whose artifacts are not at the recorded location."""
    for info in infos:
        root = store.artifact_root(info)
        if root.moved and root.folder is not None:
            yield MovedRun(info, root.recorded, root.folder)


def artifact_problems(store: Store, infos: Iterable[RunInfo]) -> Iterator[Problem]:
    """Yield the problems of the artifacts of these runs that are on this machine."""
    for info in infos:
        if store.artifact_root(info).folder is not None:
            try:
                yield from walk(partial(store.artifacts, info), info=info).problems
            except (StoreError, ArtifactNotFound) as error:
                yield Problem(info.artifact_uri, str(error), info.experiment_id, info.run_id)
