"""Read the first data of the screen in a helper process while this process imports the screen.

Every answer is delivered once, to the first request. Later requests read the store directly.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from operator import attrgetter
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, TypeVar

from qtui.entities import ExperimentInfo, Listing, Problem, RunCounts, RunInfo, ViewType
from qtui.helper_process import has_second_core, receive, row_with_tags, send, start_helper
from qtui.store.addresses import is_on_disk, open_store
from qtui.store.gc_pause import paused_gc
from qtui.store.protocol import Store

if TYPE_CHECKING:
    import subprocess

T = TypeVar("T")

EXPERIMENTS, INFOS, COUNTS = "experiments", "infos", "counts"
END_OF_INFOS = None

PIPE_BUFFER_BYTES = 1 << 20
"""Bytes that the helper can write before they are read, if the system allows it."""

_info_row = attrgetter(*RunInfo.__dataclass_fields__)
_problem_row = attrgetter(*Problem.__dataclass_fields__)
_counts_row = attrgetter(*RunCounts.__dataclass_fields__)


class Prefetch:
    """The experiments of a view, the infos of all their runs and the counts, read by a helper process."""

    def __init__(self, uri: str, view: ViewType, helper: subprocess.Popen[bytes] | None = None) -> None:
        """Start the helper, if it is not started yet. Raise OSError when no process can be started."""
        self._view = view
        self._lock = Lock()
        self._queues: dict[str, deque[Any]] = {topic: deque() for topic in (EXPERIMENTS, INFOS, COUNTS)}
        self._undelivered = {*self._queues}
        self._helper = helper or start_helper(__name__)
        assert self._helper.stdin and self._helper.stdout
        self._messages = self._helper.stdout
        enlarge_buffer(self._messages)
        with suppress(BrokenPipeError):
            send(self._helper.stdin, (uri, view.value))

    @staticmethod
    def is_worth_it(uri: str) -> bool:
        """Return whether a helper saves time: the store is on disk and there is a second core."""
        return is_on_disk(uri) and has_second_core()

    def experiments(self, view: ViewType) -> Listing[ExperimentInfo] | None:
        """Return the experiments, or None after the first request. Raise EOFError when the helper has died."""
        if not self._is_first_request(EXPERIMENTS, view):
            return None
        return listing_from_rows(ExperimentInfo, self._receive(EXPERIMENTS))

    def infos(self, view: ViewType) -> Iterator[Listing[RunInfo]] | None:
        """Return batches of run infos, or None after the first request. Raise EOFError when the helper has died."""
        return self._infos() if self._is_first_request(INFOS, view) else None

    def _infos(self) -> Iterator[Listing[RunInfo]]:
        while (rows := self._receive(INFOS)) is not END_OF_INFOS:
            with paused_gc():
                batch = listing_from_rows(RunInfo, rows)
            yield batch

    def counts(self) -> Mapping[str, RunCounts] | None:
        """Return the counts, or None after the first request. Raise EOFError when the helper has died."""
        if not self._is_first_request(COUNTS, self._view):
            return None
        return {experiment_id: RunCounts(*row) for experiment_id, row in self._receive(COUNTS).items()}

    def _is_first_request(self, topic: str, view: ViewType) -> bool:
        with self._lock:
            is_first = view is self._view and topic in self._undelivered
            self._undelivered.discard(topic)
            return is_first

    def _receive(self, topic: str) -> Any:
        """Return the next message on a topic; keep messages on other topics queued."""
        while True:
            with self._lock:
                if self._queues[topic]:
                    return self._queues[topic].popleft()
                received_topic, message = receive(self._messages)
                self._queues[received_topic].append(message)

    def close(self) -> None:
        """Kill the helper."""
        self._helper.kill()
        self._helper.communicate()


def main() -> None:
    """Run the helper: read the request from stdin, write the messages to stdout."""
    uri, view = receive(sys.stdin.buffer)
    with suppress(BrokenPipeError), paused_gc():
        for message in messages(open_store(uri), ViewType(view)):
            send(sys.stdout.buffer, message)


def messages(store: Store, view: ViewType) -> Iterator[tuple[str, Any]]:
    """Yield (topic, message) pairs in the order in which the screen needs them."""
    yield EXPERIMENTS, listing_rows(row_with_tags, store.experiments(view))
    for batch in store.infos(None, view):
        yield INFOS, listing_rows(_info_row, batch)
    yield INFOS, END_OF_INFOS
    yield COUNTS, {experiment_id: _counts_row(counts) for experiment_id, counts in store.counts().items()}


def listing_rows(row: Callable[[Any], Any], listing: Listing[Any]) -> tuple[list[Any], list[Any]]:
    """Return a listing as tuples of field values; `row` converts one item."""
    return list(map(row, listing.items)), list(map(_problem_row, listing.problems))


def listing_from_rows(item_type: Callable[..., T], rows: tuple[list[Any], list[Any]]) -> Listing[T]:
    """Return the listing that `listing_rows` converted."""
    items, problems = rows
    return Listing(tuple(item_type(*row) for row in items), tuple(Problem(*row) for row in problems))


def enlarge_buffer(pipe: IO[bytes]) -> None:
    """Enlarge the buffer of a pipe, so that the writer rarely waits for the reader."""
    import fcntl

    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BUFFER_BYTES)
