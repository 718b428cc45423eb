"""Finds the round numbers along an axis."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from qtui.plot.limits import AxisLimits
from qtui.plot.tick_labels import format_plain, format_scientific, tick_labels

ROUND_DIGITS = ((1, 0), (2, 0), (25, -1), (5, 0))
"""The round distances from 1 to 10, as digits and a power of ten."""


class Tick(NamedTuple):
    """A place on an axis that is named."""

    value: float
    label: str


class Ticks(NamedTuple):
    """The ticks of an axis in ascending order, and what all their labels are to be added to, if anything."""

    ticks: tuple[Tick, ...] = ()
    note: str = ""


class TickStep(NamedTuple):
    """A round distance: a few digits times a power of ten."""

    digits: int
    exponent: int

    def times(self, number: int) -> float:
        """The multiple, to the last bit what its decimals say."""
        return float(f"{number * self.digits}e{self.exponent}")

    def ticks(self, first: int, last: int, every: int = 1) -> Ticks:
        """The multiples from first to last."""
        numbers = [number * self.digits for number in range(first, last + 1, every)]
        texts, note = tick_labels(numbers, self.exponent)
        values = (float(f"{number}e{self.exponent}") for number in numbers)
        return Ticks(tuple(Tick(*each) for each in zip(values, texts, strict=True)), note)


def round_steps(least: float) -> Iterator[TickStep]:
    """Round distances, the first about so great, each greater than the one before; as far as floats go."""
    if least == math.inf:
        return
    exponent = math.floor(math.log10(least)) if least > 0 else -323
    while exponent <= 308:
        for digits, shift in ROUND_DIGITS:
            if least / 1.0001 <= float(f"{digits}e{exponent + shift}") < math.inf:
                yield TickStep(digits, exponent + shift)
        exponent += 1


def linear_ticks(limits: AxisLimits, most: int, *, whole: bool = False) -> Iterator[Ticks]:
    """Ticks at equal distances: at most so many, then ever fewer; `whole` keeps to whole numbers."""
    span = limits.high / 2 - limits.low / 2
    least = max(span / max(1, most) * 2, 1.0 if whole else 0.0)
    for step in round_steps(least):
        if whole and step.exponent < 0:
            continue
        width = step.times(1)
        first, last = math.ceil(limits.low / width - 1e-9), math.floor(limits.high / width + 1e-9)
        if first > last:
            return
        yield step.ticks(first, last)


DIGITS_PER_DECADE = ((1,), (1, 3), (1, 2, 5), (1, 2, 3, 4, 5, 6, 7, 8, 9))
PLAIN_EXPONENTS = (-3, 4)
"""From which power of ten to which the numbers beside a logarithmic axis are written out."""


def log_ticks(limits: AxisLimits, most: int) -> Iterator[Ticks]:
    """Ticks at powers of ten, at parts of them where there are few, or at equal distances where there are none."""
    low, high = math.log10(limits.low), math.log10(limits.high)
    first, last = math.floor(low + 1e-9), math.floor(high + 1e-9)
    for digits in reversed(DIGITS_PER_DECADE):
        found = [(digit, power) for power in range(first, last + 1) for digit in digits]
        inside = [each for each in found if low - 1e-9 <= math.log10(each[0]) + each[1] <= high + 1e-9]
        if len(inside) > most:
            continue
        if len(inside) < 2:
            yield from linear_ticks(limits, most)
        yield _power_ticks(inside)
    for every in (2, 3, 5, 10, 20, 50, 100):
        powers = [power for power in range(first, last + 1) if power % every == 0 and power >= low - 1e-9]
        if len(powers) <= most:
            yield _power_ticks([(1, power) for power in powers])


def symlog_ticks(limits: AxisLimits, threshold: float, most: int) -> Iterator[Ticks]:
    """Zero, and powers of ten from the threshold on, on both sides of it."""
    least = math.ceil(math.log10(threshold) - 1e-9)
    greatest = math.floor(math.log10(max(abs(limits.low), abs(limits.high), threshold)) + 1e-9)
    for every in (1, 2, 3, 5, 10, 20, 50, 100, 1000):
        # Near zero the powers lie close together, so the first one may have to go.
        for first in (least, least + every):
            powers = range(first, greatest + 1, every)
            signed = [(-1, power) for power in reversed(powers)] + [(0, 0)] + [(1, power) for power in powers]
            inside = [each for each in signed if limits.low <= each[0] * 10.0 ** each[1] <= limits.high]
            if len(inside) < 2:
                yield from linear_ticks(limits, most)
            elif len(inside) <= most:
                yield _power_ticks(inside)


def _power_ticks(found: list[tuple[int, int]]) -> Ticks:
    """Ticks at digits times powers of ten, all written out or none."""
    plainly = all(PLAIN_EXPONENTS[0] <= power <= PLAIN_EXPONENTS[1] for _, power in found)
    write = format_plain if plainly else format_scientific
    return Ticks(tuple(Tick(float(f"{digit}e{power}"), write(digit, power)) for digit, power in found))
