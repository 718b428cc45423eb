"""Looks again at what seems damaged but was touched a moment ago, for a writer may be in the middle of it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from qtui.store.files.damage import Report

T = TypeVar("T")
R = TypeVar("R")

FRESH = 2.0
"""What was touched within so many seconds may still be being written."""
LOOKS = 3
PAUSE = 0.05


class Patience:
    """How often one question may wait for writers, however many files they are busy with."""

    def __init__(self, looks: int = LOOKS, pause: float = PAUSE) -> None:
        self._looks = looks
        self._pause = pause

    def wait(self) -> bool:
        """Wait a moment, unless there has been enough waiting."""
        if not self._looks:
            return False
        self._looks -= 1
        time.sleep(self._pause)
        return True


def read_patiently(
    things: Iterable[T], read: Callable[[T], R], report: Report, patience: Patience
) -> Iterator[tuple[T, R]]:
    """Each thing with what was read of it; those that a writer may be busy with come last."""
    waiting: list[T] = []
    first = True
    while first or (waiting and patience.wait()):
        again, waiting = things if first else waiting, []
        first = False
        for thing in again:
            result = _unless_fresh(thing, read, report)
            if result is None:
                waiting.append(thing)
            else:
                yield thing, result[0]
    for thing in waiting:
        yield thing, read(thing)


def _unless_fresh(thing: T, read: Callable[[T], R], report: Report) -> tuple[R] | None:
    """What was read, or None and no report when the damage may be a writer's work in progress."""
    mark = len(report.problems)
    result = read(thing)
    found = report.problems[mark:]
    if not found or not any(map(is_fresh, map(report.path_of, found))):
        return (result,)
    del report.problems[mark:]
    return None


def is_fresh(path: str) -> bool:
    """Whether a file, or the folder it was in, was touched a moment ago."""
    for place in (path, os.path.dirname(path)):
        try:
            touched = os.lstat(place).st_mtime
        except OSError:
            continue
        return abs(time.time() - touched) < FRESH
    return True
