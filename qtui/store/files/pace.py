"""How fast reading goes, and whether it is the disk or ourselves who take the time."""

from __future__ import annotations

import os
import resource
import time

WORTH_HELP = 0.3
"""How long (s) reading must still take for helpers, who need a tenth of a second to start, to be of use."""
MOST_HELPERS = 7
SLOW = 3
"""So many times longer than we work must something take for us to have waited most of the time."""


class Pace:
    """Measures from its making on."""

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._cpu = time.thread_time()
        self._waits = _waits()

    def helpers(self, done: int, left: int) -> int:
        """How many helper processes pay for the runs that are left, after so many were read."""
        if not done or self._passed() / done * left < WORTH_HELP:
            return 0
        return MOST_HELPERS if self.waits_for_disk(done) else min(idle_cores(), MOST_HELPERS)

    def waits_for_disk(self, done: int) -> bool:
        """Whether so many runs took long because every one of them had to be waited for."""
        return self._passed() > SLOW * (time.thread_time() - self._cpu) and _waits() - self._waits >= done

    def _passed(self) -> float:
        return time.perf_counter() - self._wall


def _waits() -> int:
    """How often this thread has given way because it had to wait."""
    return resource.getrusage(getattr(resource, "RUSAGE_THREAD", resource.RUSAGE_SELF)).ru_nvcsw


def idle_cores() -> int:
    """How many cores are there beside the one that we use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores - 1
