"""A head start: what the screen shows first is read by a process beside this one, while this one imports the screen.

Each answer is given once, to whoever asks first; what is asked later, or was not read, is read as always.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from operator import attrgetter
from threading import Lock
from typing import IO, Any

from qtui.entities import Experiment, Listing, Problem, RunCounts, RunInfo, View
from qtui.store.building import no_garbage
from qtui.store.helper import plain_with_tags, receive, send, start_helper
from qtui.store.locate import is_on_disk, open_store
from qtui.store.protocol import Store

EXPERIMENTS, INFOS, COUNTS, END = "experiments", "infos", "counts", None

ROOM = 1 << 20
"""How much a helper may have said before anybody listens, where the system grants it."""

_info = attrgetter(*RunInfo.__dataclass_fields__)
_problem = attrgetter(*Problem.__dataclass_fields__)
_counts = attrgetter(*RunCounts.__dataclass_fields__)


class HeadStart:
    """Has the experiments of a view, the infos of all their runs and the counts read."""

    def __init__(self, uri: str, view: View) -> None:
        """OSError when no process can be started."""
        self._view = view
        self._lock = Lock()
        self._said: dict[str, deque[Any]] = {each: deque() for each in (EXPERIMENTS, INFOS, COUNTS)}
        self._wanted = {*self._said}
        self._helper = start_helper(__name__)
        assert self._helper.stdin and self._helper.stdout
        self._answers = self._helper.stdout
        enlarge(self._answers)
        with suppress(BrokenPipeError):
            send(self._helper.stdin, (uri, view.value))

    @staticmethod
    def is_worth_it(uri: str) -> bool:
        """Whether a process beside this one would be a help: where the store is a disk's, and a core is idle."""
        return is_on_disk(uri) and hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1

    def experiments(self, view: View) -> Listing[Experiment] | None:
        """The experiments, if nobody has asked before; EOFError when they have not come."""
        return listing_of(Experiment, self._next(EXPERIMENTS)) if self._is_wanted(EXPERIMENTS, view) else None

    def infos(self, view: View) -> Iterator[Listing[RunInfo]] | None:
        """The infos of the runs, if nobody has asked before; EOFError when not all have come."""
        return self._infos() if self._is_wanted(INFOS, view) else None

    def _infos(self) -> Iterator[Listing[RunInfo]]:
        while (said := self._next(INFOS)) is not END:
            with no_garbage():
                batch = listing_of(RunInfo, said)
            yield batch

    def counts(self) -> Mapping[str, RunCounts] | None:
        """The counts, if nobody has asked before; EOFError when they have not come."""
        if not self._is_wanted(COUNTS, self._view):
            return None
        return {each: RunCounts(*numbers) for each, numbers in self._next(COUNTS).items()}

    def _is_wanted(self, what: str, view: View) -> bool:
        with self._lock:
            wanted = view is self._view and what in self._wanted
            self._wanted.discard(what)
            return wanted

    def _next(self, what: str) -> Any:
        """What is said next of this; who waits for one thing keeps what is said of others for them."""
        while True:
            with self._lock:
                if self._said[what]:
                    return self._said[what].popleft()
                kind, said = receive(self._answers)
                self._said[kind].append(said)

    def close(self) -> None:
        """Let the process go."""
        self._helper.kill()
        self._helper.communicate()


def main() -> None:
    """The program of the helper."""
    uri, view = receive(sys.stdin.buffer)
    with suppress(BrokenPipeError), no_garbage():
        for answer in answers(open_store(uri), View(view)):
            send(sys.stdout.buffer, answer)


def answers(store: Store, view: View) -> Iterator[tuple[str, Any]]:
    """All that is read, in the order in which it is shown."""
    yield EXPERIMENTS, plain_listing(plain_with_tags, store.experiments(view))
    for batch in store.infos(None, view):
        yield INFOS, plain_listing(_info, batch)
    yield INFOS, END
    yield COUNTS, {each: _counts(counts) for each, counts in store.counts().items()}


def plain_listing(plain: Any, listing: Listing[Any]) -> tuple[list[Any], list[Any]]:
    """A listing as plain values."""
    return list(map(plain, listing.items)), list(map(_problem, listing.problems))


def listing_of(kind: Any, said: tuple[list[Any], list[Any]]) -> Listing[Any]:
    """The listing that was made plain."""
    items, problems = said
    return Listing(tuple(kind(*each) for each in items), tuple(Problem(*each) for each in problems))


def enlarge(pipe: IO[bytes]) -> None:
    """Give a pipe more room, so that who writes into it need not wait for us."""
    import fcntl

    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, ROOM)
