"""Sparklines: a series of values as block characters in one line of text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from qtui.entities import History

BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], cells: int) -> str:
    """Return the values as blocks in at most `cells` cells, with a gap where there is no finite number."""
    means = downsample(values, cells)
    finite = [mean for mean in means if math.isfinite(mean)]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    # Halves, because the difference of two huge numbers can be more than a float holds.
    span = high / 2 - low / 2
    return "".join(_block(mean, low, span) for mean in means)


def downsample_history(history: History, cells: int) -> list[float]:
    """Return the values of a history in step order as at most `cells` means."""
    import numpy

    values = history.values[history.steps.argsort(kind="stable")]
    if len(values) <= cells:
        return [float(value) for value in values]
    edges = [len(values) * index // cells for index in range(cells + 1)]
    chunks = [chunk[numpy.isfinite(chunk)] for chunk in (values[start:end] for start, end in pairwise(edges))]
    # Divided first: the sum of huge numbers can be more than a float holds.
    return [float((chunk / len(chunk)).sum()) if len(chunk) else math.nan for chunk in chunks]


def downsample(values: Sequence[float], cells: int) -> list[float]:
    """Return at most `cells` values: the means of equal chunks, NaN for a chunk without a finite number."""
    count = len(values)
    if count <= cells:
        return list(values)
    edges = [count * index // cells for index in range(cells + 1)]
    return [_mean(values[start:end]) for start, end in pairwise(edges)]


def _mean(values: Sequence[float]) -> float:
    finite = [value for value in values if math.isfinite(value)]
    return sum(value / len(finite) for value in finite) if finite else math.nan


def _block(value: float, low: float, span: float) -> str:
    if not math.isfinite(value):
        return " "
    if span == 0:
        return BLOCKS[len(BLOCKS) // 2]
    return BLOCKS[min(len(BLOCKS) - 1, int((value / 2 - low / 2) / span * len(BLOCKS)))]
