"""Read damaged files again if they were modified a moment ago: a writer may be in the middle of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias, TypeVar

from qtui.entities import Problem

T = TypeVar("T")
R = TypeVar("R")
ReadResult: TypeAlias = tuple[T, R, Sequence[Problem]]
"""An item, the result of reading it, and the problems met on the way."""

FRESH_S = 2.0
"""Age (s) below which a modified file may still be incomplete."""
MAX_REREADS = 3
REREAD_PAUSE_S = 0.05


class RereadBudget:
    """Limit of rereads for one request, shared by all its files."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._remaining = MAX_REREADS

    def pause(self) -> bool:
        """Sleep before a reread; return False, without sleeping, if the budget is used up."""
        if not self._remaining:
            return False
        self._remaining -= 1
        time.sleep(REREAD_PAUSE_S)
        return True

    def may_resolve(self, problems: Iterable[Problem]) -> bool:
        """Return whether a writer in progress may have caused any of these problems."""
        return any(is_fresh(os.path.join(self._root, problem.path)) for problem in problems)


def reread_fresh(
    results: Iterable[ReadResult[T, R]], read: Callable[[T], tuple[R, Sequence[Problem]]], budget: RereadBudget
) -> Iterator[ReadResult[T, R]]:
    """Yield the results, with fresh damage read again; the reread ones come last."""
    pending: list[T] = []
    for item, result, problems in results:
        if problems and budget.may_resolve(problems):
            pending.append(item)
        else:
            yield item, result, problems
    while pending:
        paused = budget.pause()
        items, pending = pending, []
        for item in items:
            result, problems = read(item)
            if paused and problems and budget.may_resolve(problems):
                pending.append(item)
            else:
                yield item, result, problems


def read_with_rereads(
    items: Iterable[T], read: Callable[[T], tuple[R, Sequence[Problem]]], budget: RereadBudget
) -> Iterator[ReadResult[T, R]]:
    """Read every item, and those with fresh damage again; the reread ones come last."""
    return reread_fresh(((item, *read(item)) for item in items), read, budget)


def is_fresh(path: str) -> bool:
    """Return whether a file, or its nearest existing ancestor, was modified within `FRESH_S`."""
    try:
        modified = os.lstat(path).st_mtime
    except OSError:
        parent = os.path.dirname(path)
        return parent != path and is_fresh(parent)
    return abs(time.time() - modified) < FRESH_S
