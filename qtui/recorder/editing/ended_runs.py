"""Ending running runs whose process is gone."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from datetime import timedelta

from qtui import settings
from qtui.entities import PROCESS_TAG, RunInfo
from qtui.formatting import now_ms
from qtui.query.projection import Projection
from qtui.recorder.reading.health import is_stale
from qtui.store import Store
from qtui.store.edits import Finish


def plan_finish(store: Store, infos: Sequence[RunInfo], status: str) -> Finish:
    """Return the edit that ends runs: at their last write if they are stale, otherwise now."""
    silence = timedelta(minutes=settings.current().stale_after_minutes)
    now = now_ms()
    ends: dict[str, int] = {}
    for info in infos:
        last_write = store.last_write(info)
        if last_write is not None and is_stale(info, last_write, now, silence):
            ends[info.run_id] = max(last_write, info.start_time or 0)
    return Finish(infos, status, ends)


def runs_with_process(store: Store, infos: Sequence[RunInfo]) -> frozenset[str]:
    """Return the IDs of those runs whose recording process exists on this host, as far as it is known."""
    ids: set[str] = set()
    for batch in store.runs(infos, Projection(tags=frozenset({PROCESS_TAG}))):
        for run in batch.items:
            host, _, pid = run.tags.get(PROCESS_TAG, "").rpartition(":")
            if host == socket.gethostname() and pid.isdecimal() and process_exists(int(pid)):
                ids.add(run.info.run_id)
    return frozenset(ids)


def process_exists(pid: int) -> bool:
    """Return whether there is a process of this ID."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
