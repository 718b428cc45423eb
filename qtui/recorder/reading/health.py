"""Runs that nobody will end, and runs whose artifacts are no longer where they were recorded."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from qtui.entities import Problem, RunInfo, Status, View
from qtui.errors import ArtifactNotFound, StoreError
from qtui.store import Store
from qtui.store.artifacts.walk import walk

SILENCE = timedelta(hours=1)
"""How long a running run must have written nothing to be called stale: many an epoch takes half an hour."""


@dataclass(frozen=True, slots=True)
class StaleRun:
    """A run that is still called running, and when it last wrote anything, if that is known."""

    info: RunInfo
    last_write: int | None


@dataclass(frozen=True, slots=True)
class MovedRun:
    """A run whose artifacts are in the store's own folder instead of the recorded place."""

    info: RunInfo
    recorded: str
    found: Path


def stale_runs(store: Store, now: int | None = None, silence: timedelta = SILENCE) -> Iterator[StaleRun]:
    """The active runs that are called running and have been silent for long before `now` (ms)."""
    moment = time.time_ns() // 1_000_000 if now is None else now
    for batch in store.infos():
        for info in batch.items:
            if info.status == Status.RUNNING and is_stale(info, last_write := store.last_write(info), moment, silence):
                yield StaleRun(info, last_write)


def is_stale(info: RunInfo, last_write: int | None, now: int, silence: timedelta = SILENCE) -> bool:
    """Whether a run is called running, and had last written longer before `now` (ms) than it may be silent."""
    if info.status != Status.RUNNING:
        return False
    return last_write is None or last_write < now - silence // timedelta(milliseconds=1)


def moved_runs(store: Store) -> Iterator[MovedRun]:
    """The runs, deleted ones too, whose artifacts were found elsewhere than recorded."""
    for batch in store.infos(view=View.ALL):
        for info in batch.items:
            root = store.artifact_root(info)
            if root.moved and root.folder is not None:
                yield MovedRun(info, root.recorded, root.folder)


def artifact_problems(store: Store) -> Iterator[Problem]:
    """Yield the problems of artifacts in folders of this machine, deleted runs included."""
    for batch in store.infos(view=View.ALL):
        for info in batch.items:
            if store.artifact_root(info).folder is not None:
                yield from problems_of(store, info)


def problems_of(store: Store, info: RunInfo) -> Sequence[Problem]:
    """Return what is wrong with the artifacts of a run."""
    try:
        return walk(lambda folder: store.artifacts(info, folder), info=info).problems
    except (StoreError, ArtifactNotFound) as error:
        return (Problem(info.artifact_uri, str(error), info.experiment_id, info.run_id),)
