"""Signs and small pictures in a line of text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType

from qtui.entities import Status

LEVELS = "▁▂▃▄▅▆▇█"
LEVELS_IN_ASCII = "_.-=+*%#"

SIGNS: Mapping[str, str] = MappingProxyType(
    {Status.RUNNING: "●", Status.FINISHED: "✓", Status.FAILED: "✗", Status.KILLED: "■", Status.SCHEDULED: "◌"}
)
SIGNS_IN_ASCII: Mapping[str, str] = MappingProxyType(
    {Status.RUNNING: "*", Status.FINISHED: "+", Status.FAILED: "x", Status.KILLED: "#", Status.SCHEDULED: "o"}
)
UNKNOWN_SIGN = "?"


def status_sign(status: str, *, ascii_only: bool = False) -> str:
    """One sign for a status, with a shape of its own."""
    return (SIGNS_IN_ASCII if ascii_only else SIGNS).get(status, UNKNOWN_SIGN)


def sparkline(values: Sequence[float], cells: int, *, ascii_only: bool = False) -> str:
    """The course of the values in one line: the lowest block for the least, a gap where there is no number."""
    levels = LEVELS_IN_ASCII if ascii_only else LEVELS
    means = squeezed(values, cells)
    finite = [each for each in means if math.isfinite(each)]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    # Halves, because the difference of two huge numbers can be more than a float holds.
    span = high / 2 - low / 2
    return "".join(_level(each, low, span, levels) for each in means)


def squeezed(values: Sequence[float], cells: int) -> list[float]:
    """At most so many values: the means of as many stretches, NaN for one without a finite number."""
    count = len(values)
    if count <= cells:
        return list(values)
    edges = [count * place // cells for place in range(cells + 1)]
    return [_mean(values[start:end]) for start, end in pairwise(edges)]


def _mean(values: Sequence[float]) -> float:
    finite = [each for each in values if math.isfinite(each)]
    return sum(each / len(finite) for each in finite) if finite else math.nan


def _level(value: float, low: float, span: float, levels: str) -> str:
    if not math.isfinite(value):
        return " "
    if span == 0:
        return levels[len(levels) // 2]
    return levels[min(len(levels) - 1, int((value / 2 - low / 2) / span * len(levels)))]
