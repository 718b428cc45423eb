"""A queue of logged values that one background thread writes in batches."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from qtui.store.writer import Batch, Metric

logger = logging.getLogger(__name__)

BATCH_VALUES = 2000
"""Number of values that are written together, without waiting for more."""
MAX_QUEUED_VALUES = 50_000
"""Limit of queued values; `put` blocks beyond it."""
MAX_DELAY_S = 0.5
"""Time that a value waits for others to be written with."""


class LogQueue:
    """Accepts batches from any thread and delivers them, in order, on a background thread.

    `deliver` must not raise. A forked child has no such thread: its values are delivered before `put` returns.
    """

    def __init__(
        self, deliver: Callable[[Batch], None], *, limit: int = MAX_QUEUED_VALUES, delay: float = MAX_DELAY_S
    ) -> None:
        self._deliver = deliver
        self._limit = limit
        self._enough = min(BATCH_VALUES, limit)
        self._delay = delay
        self._changed = threading.Condition()
        self._waiting: deque[Batch] = deque()
        self._in_flight: Sequence[Batch] = ()
        self._size = 0
        self._put = 0
        self._delivered = 0
        self._urgent = False
        self._closed = False
        self._pid = os.getpid()
        self._thread = start_thread(self._run)

    def put(self, batch: Batch) -> None:
        """Queue values; block only while the queue is full. Without the thread, deliver them synchronously."""
        if not self._enqueue(batch):
            self._deliver(batch)

    def flush(self) -> None:
        """Wait until all values queued so far are delivered."""
        if self._own_thread is None:
            return
        began = time.perf_counter()
        with self._changed:
            target = self._put
            if self._delivered < target:
                self._urgent = True
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._delivered >= target)
        logger.debug("Waited %.3f s for queued values to be written.", time.perf_counter() - began)

    def close(self) -> None:
        """Deliver everything and end the thread; later values are delivered synchronously."""
        self.flush()
        thread = self._own_thread
        if thread is None:
            return
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        thread.join()

    def abandon(self, grace: float) -> Sequence[Batch]:
        """Stop delivering and return the undelivered batches; wait `grace` seconds for those in flight."""
        if self._own_thread is None:
            return ()
        with self._changed:
            waiting, self._waiting = self._waiting, deque()
            self._closed = self._urgent = True
            self._size = 0
            self._delivered += len(waiting)
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._in_flight, grace)
            return *self._in_flight, *waiting

    @property
    def _own_thread(self) -> threading.Thread | None:
        """The thread; None in a forked child, and if it could not be started."""
        return self._thread if os.getpid() == self._pid else None

    def _enqueue(self, batch: Batch) -> bool:
        """Queue values; return False if there is no thread to deliver them, or after it has delivered all others."""
        thread = self._own_thread
        if thread is None:
            return False
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._size < self._limit)
            if not self._closed:
                self._waiting.append(batch)
                before = self._size
                self._size += size_of(batch)
                self._put += 1
                if before == 0 or self._size >= self._enough:
                    self._changed.notify_all()
                return True
        thread.join()
        return False

    def _run(self) -> None:
        while batches := self._take():
            began = time.perf_counter()
            try:
                self._deliver_all(batches)
            finally:
                # After any error too, or `flush` would wait for ever.
                with self._changed:
                    self._delivered += len(batches)
                    self._in_flight = ()
                    self._changed.notify_all()
            logger.debug("Wrote %d batches in %.3f s.", len(batches), time.perf_counter() - began)

    def _deliver_all(self, batches: Sequence[Batch]) -> None:
        """Deliver batches merged into one, or separately if there is not enough memory to merge them."""
        try:
            together = [merge(batches)]
        except Exception as error:
            logger.debug("Writing batches separately: %s", error or type(error).__name__)
            together = list(batches)
        for batch in together:
            self._deliver(batch)

    def _take(self) -> Sequence[Batch]:
        """Wait for the next batches and return them; return none when the queue is closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            self._changed.wait_for(lambda: self._urgent or self._closed or self._size >= self._enough, self._delay)
            batches: list[Batch] = []
            size = 0
            while self._waiting and size < self._enough:
                batches.append(self._waiting.popleft())
                size += size_of(batches[-1])
            self._size -= size
            self._urgent = self._urgent and bool(self._waiting)
            self._in_flight = batches
            self._changed.notify_all()
            return batches


def start_thread(run: Callable[[], None]) -> threading.Thread | None:
    """Start a background thread; return None if the interpreter is shutting down and starts no threads."""
    thread = threading.Thread(target=run, name="qtui-log", daemon=True)
    try:
        thread.start()
    except RuntimeError:
        return None
    return thread


def size_of(batch: Batch) -> int:
    """Return the number of values in a batch."""
    return len(batch.metrics) + len(batch.params) + len(batch.tags)


def merge(batches: Sequence[Batch]) -> Batch:
    """Merge batches into one; of a tag set twice the later value is used."""
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
