"""Writing batches into a run so that nothing is lost in silence: a wrong value alone is left out and told of,
a store that cannot be written to is asked again for a while, and what it never took is kept in a file."""

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

WRONG = (BadValue, ParamConflict)
PASSING = (StoreLocked, StoreUnreachable, StoreUnwritable)
"""What may be better in a moment: a lock, a server that is started anew, a disk that is being cleared."""

PATIENCE = 60.0
"""For so long (s) a store that takes nothing is asked again."""
FIRST_DELAY = 0.1
LONGEST_DELAY = 5.0


class Retry:
    """Time limit for asking a store again that cannot answer now: one outage, however many threads wait for its end."""

    def __init__(
        self,
        seconds: float = PATIENCE,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Set the limit; an outage is as old as the action that failed first and was followed by no success."""
        self._seconds = seconds
        self._stopped = threading.Event()
        self._sleep = sleep or self._stopped.wait
        self._clock = clock
        self._deadline: float | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether nobody waits any more."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """End all waiting: from now on an action is tried once."""
        self._stopped.set()

    def through(self, action: Callable[[], T]) -> T:
        """Return the result of the action, which is repeated while the store cannot answer; raise its last failure."""
        delay = FIRST_DELAY
        deadline = self._clock() + self._seconds
        while True:
            try:
                answer = action()
            except PASSING as error:
                # Other actions may succeed meanwhile, which ends the outage, but not the wait of this one for ever.
                self._deadline = deadline = min(deadline, self._deadline or deadline)
                left = deadline - self._clock()
                if isinstance(error, MigrationNeeded) or left <= 0 or self.is_stopped:
                    raise
                logger.debug("Trying again in %.1f s: %s", delay, error)
            else:
                self._deadline = None
                return answer
            self._sleep(min(delay, left))
            delay = min(2 * delay, LONGEST_DELAY)


class Delivery:
    """Writes batches one after the other and remembers what could not be written; it never raises."""

    def __init__(
        self,
        write: Callable[[Batch], None],
        keep: Callable[[Batch], Path],
        patience: Retry | None = None,
        on_bad_value: OnBadValue = "raise",
    ) -> None:
        """`keep` puts values that the store did not take into a file; `on_bad_value` is about wrong ones."""
        self._write = write
        self._keep = keep
        self._patience = patience or Retry()
        self._warns = on_bad_value == "warn"
        self._refused: list[str] = []
        self._kept: dict[Path, str] = {}
        self._interrupted = False

    def __call__(self, batch: Batch) -> None:
        """Write a batch, or as much of it as can be written."""
        try:
            self._patience.through(lambda: self._write(batch))
        except WRONG as error:
            self._write_apart(batch, str(error))
        except Exception as error:
            # A fault of any kind must not end the thread that everybody's values go through.
            if not self._interrupted:
                self._save(batch, str(error) or type(error).__name__)

    def keep_interrupted(self, batches: Sequence[Batch]) -> None:
        """Keep batches whose delivery was interrupted; one of them that fails after that is not kept again."""
        self._interrupted = True
        for batch in batches:
            self._save(batch, "The end of the run was interrupted.")

    def complain(self, complaint: str) -> None:
        """Add a sentence to the complaints."""
        self._refused.append(complaint)

    def complaints(self) -> tuple[str, ...]:
        """What could not be written since this was asked last, each in a sentence."""
        kept = [f"{reason} What was not written is kept in {path}" for path, reason in self._kept.items()]
        told = (*dict.fromkeys(self._refused), *kept)
        self._refused, self._kept = [], {}
        return told

    def _write_apart(self, batch: Batch, reason: str) -> None:
        """Write what else is in the batch; the one value that is wrong is left over in the end."""
        parts = list(halves(batch))
        if not parts:
            logger.error("Not logged: %s", reason)
            if not self._warns:
                self._refused.append(reason)
        for part in parts:
            self(part)

    def _save(self, batch: Batch, reason: str) -> None:
        try:
            path = self._keep(batch)
        except OSError as error:
            names = ", ".join(sorted({*(each.key for each in batch.metrics), *batch.params, *batch.tags}))
            lost = f"{reason} Nor could the values be kept in a file ({error}): {names} are lost."
            logger.error("%s", lost)
            self._refused.append(lost)
        else:
            if path not in self._kept and not self._patience.is_stopped:
                logger.error("%s What is not written is kept in %s", reason, path)
            self._kept[path] = reason


def halves(batch: Batch) -> Iterator[Batch]:
    """The batch in smaller ones: by kind, then by half; none of a batch of one value."""
    kinds = [Batch(metrics=batch.metrics), Batch(params=batch.params), Batch(tags=batch.tags)]
    filled = [each for each in kinds if each]
    if len(filled) > 1:
        yield from filled
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
