"""Values on their way into a run: taken at once from any thread, written in batches by one thread behind."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from qtui.store.writer import Batch, Metric

logger = logging.getLogger(__name__)

BATCH = 2000
"""Number of values that are written together, and that are not waited for any longer."""
LIMIT = 50_000
"""So many values may wait; whoever logs more waits until there is room."""
PAUSE = 0.5
"""For so long (s) a value waits for others to be written with."""


class LogQueue:
    """Takes batches from many threads and hands them on, in their order, from a thread of its own.

    `deliver` must not raise. A forked child has no such thread: what it puts is delivered before `put` returns.
    """

    def __init__(self, deliver: Callable[[Batch], None], *, limit: int = LIMIT, pause: float = PAUSE) -> None:
        self._deliver = deliver
        self._limit = limit
        self._enough = min(BATCH, limit)
        self._pause = pause
        self._changed = threading.Condition()
        self._waiting: deque[Batch] = deque()
        self._in_flight: Sequence[Batch] = ()
        self._size = 0
        self._put = 0
        self._delivered = 0
        self._urgent = False
        self._closed = False
        self._pid = os.getpid()
        self._thread = started(self._run)

    @property
    def is_direct(self) -> bool:
        """Whether what is put is delivered by whoever puts it: in a forked child, and when no thread can be had."""
        return self._thread is None or self._closed or os.getpid() != self._pid

    def put(self, batch: Batch) -> None:
        """Take values; waits only when too many are waiting already."""
        if self.is_direct:
            self._deliver(batch)
            return
        with self._changed:
            self._changed.wait_for(lambda: self._size < self._limit)
            self._waiting.append(batch)
            before = self._size
            self._size += size_of(batch)
            self._put += 1
            if before == 0 or self._size >= self._enough:
                self._changed.notify_all()

    def flush(self) -> None:
        """Wait until all that was put before has been delivered."""
        if self.is_direct:
            return
        began = time.perf_counter()
        with self._changed:
            wanted = self._put
            if self._delivered < wanted:
                self._urgent = True
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._delivered >= wanted)
        logger.debug("Waited %.3f s for logged values to be written.", time.perf_counter() - began)

    def close(self) -> None:
        """Deliver everything and end the thread; what is put from now on is delivered at once."""
        self.flush()
        if self.is_direct or self._thread is None:
            return
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def abandon(self, grace: float) -> Sequence[Batch]:
        """Stop delivering and return the batches that are not delivered; wait `grace` seconds for those in flight."""
        if self.is_direct:
            return ()
        with self._changed:
            waiting, self._waiting = self._waiting, deque()
            self._closed = self._urgent = True
            self._size = 0
            self._delivered += len(waiting)
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._in_flight, grace)
            return *self._in_flight, *waiting

    def _run(self) -> None:
        while batches := self._taken():
            began = time.perf_counter()
            try:
                self._deliver_all(batches)
            finally:
                # Whatever happens, nobody must wait for ever in `flush`.
                with self._changed:
                    self._delivered += len(batches)
                    self._in_flight = ()
                    self._changed.notify_all()
            logger.debug("Writing %d batches took %.3f s.", len(batches), time.perf_counter() - began)

    def _deliver_all(self, batches: Sequence[Batch]) -> None:
        """Deliver batches as one, or one by one where there is no memory to merge them."""
        try:
            together = [merged(batches)]
        except Exception as error:
            logger.debug("Batches are written one by one: %s", error or type(error).__name__)
            together = list(batches)
        for batch in together:
            self._deliver(batch)

    def _taken(self) -> Sequence[Batch]:
        """Return the next batches, once it is time to write them; none when the queue is closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            self._changed.wait_for(lambda: self._urgent or self._closed or self._size >= self._enough, self._pause)
            taken: list[Batch] = []
            size = 0
            while self._waiting and size < self._enough:
                taken.append(self._waiting.popleft())
                size += size_of(taken[-1])
            self._size -= size
            self._urgent = self._urgent and bool(self._waiting)
            self._in_flight = taken
            self._changed.notify_all()
            return taken


def started(run: Callable[[], None]) -> threading.Thread | None:
    """A thread that does this behind; None where the interpreter is ending and starts no more."""
    thread = threading.Thread(target=run, name="qtui-log", daemon=True)
    try:
        thread.start()
    except RuntimeError:
        return None
    return thread


def size_of(batch: Batch) -> int:
    """How many values there are in a batch."""
    return len(batch.metrics) + len(batch.params) + len(batch.tags)


def merged(batches: Sequence[Batch]) -> Batch:
    """One batch of all values, where a later tag takes the place of an earlier one."""
    if len(batches) == 1:
        return batches[0]
    metrics: list[Metric] = []
    params: dict[str, str] = {}
    tags: dict[str, str] = {}
    for batch in batches:
        metrics += batch.metrics
        params.update(batch.params)
        tags.update(batch.tags)
    return Batch(metrics, params, tags)
