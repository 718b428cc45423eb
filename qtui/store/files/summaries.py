"""What a metric did over its whole history, as quickly as its file lets us tell."""

from __future__ import annotations

from qtui.entities import History, Summary
from qtui.store.files import metrics
from qtui.store.files.histories import Columns


def summary_of_bytes(data: bytes) -> Summary | None:
    """The summary of a small file in perfect order, without numpy; None when it needs a closer look."""
    try:
        last = metrics.latest(data)
        values = list(map(float, data.split()[1::3]))
    except ValueError:
        return None
    return None if last is None else Summary.of(values, last.value)


def summary_of_columns(columns: Columns) -> Summary | None:
    """The summary of a history; None when it has no point."""
    history = History("", "", columns.steps, columns.timestamps, columns.values)
    return history.summary() if len(history) else None
