"""Write batches into a run without losing values silently.

An invalid value is skipped alone and reported, a failing store is retried for a while, and values that could not be
written are kept in a file."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from qtui.errors import BadValue, MigrationNeeded, ParamConflict, StoreLocked, StoreUnreachable, StoreUnwritable
from qtui.recorder.store_access import OnBadValue
from qtui.store.writer import Batch

logger = logging.getLogger(__name__)

T = TypeVar("T")

INVALID_VALUE_ERRORS = (BadValue, ParamConflict)
TRANSIENT_ERRORS = (StoreLocked, StoreUnreachable, StoreUnwritable)
"""Errors that may pass: a lock, a server that restarts, a disk that is being cleaned up."""

RETRY_LIMIT_S = 60.0
"""Time during which a failing store is retried."""
FIRST_DELAY_S = 0.1
MAX_DELAY_S = 5.0


class Retry:
    """Retries actions on a store within one time limit per outage, shared by all threads that wait."""

    def __init__(
        self,
        seconds: float = RETRY_LIMIT_S,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
        errors: tuple[type[Exception], ...] = TRANSIENT_ERRORS,
    ) -> None:
        """Set the limit and the errors to retry; an outage begins with the first failure after a success."""
        self._seconds = seconds
        self._stopped = threading.Event()
        self._sleep = sleep or self._stopped.wait
        self._clock = clock
        self._errors = errors
        self._deadline: float | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """End all waiting; from now on an action is tried once."""
        self._stopped.set()

    def call(self, action: Callable[[], T]) -> T:
        """Return the result of the action, retrying transient errors; raise the last error after the limit."""
        delay = FIRST_DELAY_S
        deadline = self._clock() + self._seconds
        while True:
            try:
                answer = action()
            except self._errors as error:
                # Other actions may succeed meanwhile and end the outage; this one keeps its own deadline.
                self._deadline = deadline = min(deadline, self._deadline or deadline)
                left = deadline - self._clock()
                if isinstance(error, MigrationNeeded) or left <= 0 or self.is_stopped:
                    raise
                logger.debug("Retrying in %.1f s: %s", delay, error)
            else:
                self._deadline = None
                return answer
            self._sleep(min(delay, left))
            delay = min(2 * delay, MAX_DELAY_S)


class BatchWriter:
    """Writes batches one after another and collects what could not be written; never raises."""

    def __init__(
        self,
        write: Callable[[Batch], None],
        keep: Callable[[Batch], Path],
        retry: Retry | None = None,
        on_bad_value: OnBadValue = "raise",
    ) -> None:
        """Set how to write a batch, and how to keep unwritten values in a file; `on_bad_value` is for invalid ones."""
        self._write = write
        self._keep = keep
        self._retry = retry or Retry()
        self._warns = on_bad_value == "warn"
        self._messages: list[str] = []
        self._files: dict[Path, str] = {}
        self._interrupted = False

    def __call__(self, batch: Batch) -> None:
        """Write a batch, or as much of it as possible."""
        try:
            self._retry.call(lambda: self._write(batch))
        except INVALID_VALUE_ERRORS as error:
            self._write_halves(batch, str(error))
        except Exception as error:
            # No error may end the background thread.
            if not self._interrupted:
                self._save(batch, str(error) or type(error).__name__)

    def keep_interrupted(self, batches: Sequence[Batch]) -> None:
        """Keep batches whose writing was interrupted; a later failure of one does not keep it again."""
        self._interrupted = True
        for batch in batches:
            self._save(batch, "Ending the run was interrupted.")

    def add_failure(self, failure: str) -> None:
        """Add a sentence to the failures."""
        self._messages.append(failure)

    def failures(self) -> tuple[str, ...]:
        """Return what could not be written since the last call, a sentence for every problem."""
        files = [f"{reason} The unwritten values are kept in {path}" for path, reason in self._files.items()]
        failures = (*dict.fromkeys(self._messages), *files)
        self._messages, self._files = [], {}
        return failures

    def _write_halves(self, batch: Batch, reason: str) -> None:
        """Write the parts of a batch that has an invalid value, until that value is alone and reported."""
        parts = list(halves(batch))
        if not parts:
            logger.error("Not logged: %s", reason)
            if not self._warns:
                self._messages.append(reason)
        for part in parts:
            self(part)

    def _save(self, batch: Batch, reason: str) -> None:
        try:
            path = self._keep(batch)
        except OSError as error:
            names = ", ".join(sorted({*(metric.key for metric in batch.metrics), *batch.params, *batch.tags}))
            message = f"{reason} The values could not be kept in a file either ({error}). Lost: {names}."
            logger.error("%s", message)
            self._messages.append(message)
        else:
            if path not in self._files and not self._retry.is_stopped:
                logger.error("%s The unwritten values are kept in %s", reason, path)
            self._files[path] = reason


def halves(batch: Batch) -> Iterator[Batch]:
    """Yield a batch split by kind of value, else into halves; nothing for a single value."""
    kinds = [Batch(metrics=batch.metrics), Batch(params=batch.params), Batch(tags=batch.tags)]
    parts = [part for part in kinds if part]
    if len(parts) > 1:
        yield from parts
        return
    count = len(batch.metrics) or len(batch.params) or len(batch.tags)
    if count <= 1:
        return
    for start, end in ((0, count // 2), (count // 2, count)):
        yield Batch(
            batch.metrics[start:end],
            dict(islice(batch.params.items(), start, end)),
            dict(islice(batch.tags.items(), start, end)),
        )
