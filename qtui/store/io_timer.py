"""Measure the speed of reads and writes, and whether they wait for the disk or for the CPU."""

from __future__ import annotations

import os
import resource
import time

MIN_REMAINING_S = 0.3
"""Remaining reading time (s) above which helper processes pay off; they need 0.1 s to start."""
MAX_HELPERS = 7
IO_BOUND_RATIO = 3
"""Ratio of wall time to CPU time above which the work counts as I/O-bound."""


class IoTimer:
    """Timer of the reads or writes of this thread; it starts when it is constructed."""

    def __init__(self) -> None:
        self._start_wall_s = time.perf_counter()
        self._start_cpu_s = time.thread_time()
        self._start_switches = _voluntary_switches()

    def useful_helpers(self, reads: int, remaining: int) -> int:
        """Return how many helper processes pay off for the remaining reads."""
        if not reads or self._wall_s() / reads * remaining < MIN_REMAINING_S:
            return 0
        return MAX_HELPERS if self.is_io_bound(reads) else min(idle_cores(), MAX_HELPERS)

    def is_io_bound(self, operations: int) -> bool:
        """Return whether most of the time was spent waiting, with at least one wait per operation."""
        cpu_s = time.thread_time() - self._start_cpu_s
        return self._wall_s() > IO_BOUND_RATIO * cpu_s and _voluntary_switches() - self._start_switches >= operations

    def _wall_s(self) -> float:
        return time.perf_counter() - self._start_wall_s


def _voluntary_switches() -> int:
    """Return the voluntary context switches of this thread, which count its waits for I/O."""
    return resource.getrusage(getattr(resource, "RUSAGE_THREAD", resource.RUSAGE_SELF)).ru_nvcsw


def idle_cores() -> int:
    """Return the number of available cores without the one in use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores - 1
