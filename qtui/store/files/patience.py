"""Looks again at what seems damaged but was touched a moment ago, for a writer may be in the middle of it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias, TypeVar

from qtui.entities import Problem

T = TypeVar("T")
R = TypeVar("R")
Read: TypeAlias = tuple[T, R, Sequence[Problem]]
"""A thing, what was read of it, and what was wrong with it."""

FRESH = 2.0
"""What was touched within so many seconds may still be being written."""
LOOKS = 3
PAUSE = 0.05


class Patience:
    """How often one question may wait for writers, however many files they are busy with."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._looks = LOOKS

    def wait(self) -> bool:
        """Wait a moment, unless there has been enough waiting."""
        if not self._looks:
            return False
        self._looks -= 1
        time.sleep(PAUSE)
        return True

    def is_worthwhile(self, problems: Iterable[Problem]) -> bool:
        """Whether any of this damage may be a writer's work in progress."""
        return any(is_fresh(os.path.join(self._root, problem.path)) for problem in problems)


def settled(
    reads: Iterable[Read[T, R]], read: Callable[[T], tuple[R, Sequence[Problem]]], patience: Patience
) -> Iterator[Read[T, R]]:
    """The same reads, but things that a writer may be busy with come last and are read again."""
    waiting: list[T] = []
    for thing, result, problems in reads:
        if problems and patience.is_worthwhile(problems):
            waiting.append(thing)
        else:
            yield thing, result, problems
    while waiting:
        waited = patience.wait()
        again, waiting = waiting, []
        for thing in again:
            result, problems = read(thing)
            if waited and problems and patience.is_worthwhile(problems):
                waiting.append(thing)
            else:
                yield thing, result, problems


def read_patiently(
    things: Iterable[T], read: Callable[[T], tuple[R, Sequence[Problem]]], patience: Patience
) -> Iterator[Read[T, R]]:
    """Each thing with what was read of it and was wrong; those that a writer may be busy with come last."""
    return settled(((thing, *read(thing)) for thing in things), read, patience)


def is_fresh(path: str) -> bool:
    """Whether a file, or else the nearest folder that is there, was touched a moment ago."""
    try:
        touched = os.lstat(path).st_mtime
    except OSError:
        parent = os.path.dirname(path)
        return parent != path and is_fresh(parent)
    return abs(time.time() - touched) < FRESH
