"""Small pictures in a line of text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from qtui.entities import History

BLOCKS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float], cells: int) -> str:
    """The course of the values in one line: the lowest block for the least, a gap where there is no number."""
    means = downsample(values, cells)
    finite = [each for each in means if math.isfinite(each)]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    # Halves, because the difference of two huge numbers can be more than a float holds.
    span = high / 2 - low / 2
    return "".join(_block(each, low, span) for each in means)


def downsample_history(history: History, cells: int) -> list[float]:
    """The values of a history in the order of their steps, as at most so many means."""
    import numpy

    values = history.values[history.steps.argsort(kind="stable")]
    if len(values) <= cells:
        return [float(each) for each in values]
    edges = [len(values) * place // cells for place in range(cells + 1)]
    finite = [part[numpy.isfinite(part)] for part in (values[start:end] for start, end in pairwise(edges))]
    # Divided first: the sum of huge numbers can be more than a float holds.
    return [float((part / len(part)).sum()) if len(part) else math.nan for part in finite]


def downsample(values: Sequence[float], cells: int) -> list[float]:
    """At most so many values: the means of as many stretches, NaN for one without a finite number."""
    count = len(values)
    if count <= cells:
        return list(values)
    edges = [count * place // cells for place in range(cells + 1)]
    return [_mean(values[start:end]) for start, end in pairwise(edges)]


def _mean(values: Sequence[float]) -> float:
    finite = [each for each in values if math.isfinite(each)]
    return sum(each / len(finite) for each in finite) if finite else math.nan


def _block(value: float, low: float, span: float) -> str:
    if not math.isfinite(value):
        return " "
    if span == 0:
        return BLOCKS[len(BLOCKS) // 2]
    return BLOCKS[min(len(BLOCKS) - 1, int((value / 2 - low / 2) / span * len(BLOCKS)))]
