"""The memory of a process that a bench starts."""

from __future__ import annotations

import resource
from pathlib import Path


def peak_memory() -> int:
    """Return the peak memory of this process in bytes; `getrusage` includes that of the parent process before exec."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024
