"""Round ticks of linear and logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from qtui.plot.axes.limits import AxisLimits
from qtui.plot.axes.tick_labels import format_plain, format_scientific, tick_labels

ROUND_DIGITS = ((1, 0), (2, 0), (25, -1), (5, 0))
"""Round steps from 1 to 10, as digits and an exponent."""


class Tick(NamedTuple):
    """A value on an axis with its label."""

    value: float
    label: str


class Ticks(NamedTuple):
    """The ticks of an axis in ascending order, and the note that applies to every label."""

    ticks: tuple[Tick, ...] = ()
    note: str = ""


class TickStep(NamedTuple):
    """A round step: digits times a power of ten."""

    digits: int
    exponent: int

    def times(self, number: int) -> float:
        """Return the multiple, exact to the last digit."""
        return float(f"{number * self.digits}e{self.exponent}")

    def ticks(self, first: int, last: int) -> Ticks:
        """Return ticks at the multiples from first to last."""
        numbers = [number * self.digits for number in range(first, last + 1)]
        texts, note = tick_labels(numbers, self.exponent)
        values = (float(f"{number}e{self.exponent}") for number in numbers)
        return Ticks(tuple(Tick(*pair) for pair in zip(values, texts, strict=True)), note)


def round_steps(least: float) -> Iterator[TickStep]:
    """Yield round steps in ascending order, starting at about `least`."""
    if least == math.inf:
        return
    exponent = math.floor(math.log10(least)) if least > 0 else -323
    while exponent <= 308:
        for digits, shift in ROUND_DIGITS:
            if least / 1.0001 <= float(f"{digits}e{exponent + shift}") < math.inf:
                yield TickStep(digits, exponent + shift)
        exponent += 1


def linear_ticks(limits: AxisLimits, max_ticks: int, *, integers: bool = False) -> Iterator[Ticks]:
    """Yield evenly spaced ticks: at most `max_ticks`, then ever fewer; `integers` allows only whole numbers."""
    span = limits.high / 2 - limits.low / 2
    least = max(span / max(1, max_ticks) * 2, 1.0 if integers else 0.0)
    for step in round_steps(least):
        if integers and step.exponent < 0:
            continue
        width = step.times(1)
        first, last = math.ceil(limits.low / width - 1e-9), math.floor(limits.high / width + 1e-9)
        if first > last:
            return
        yield step.ticks(first, last)


DIGITS_PER_DECADE = ((1,), (1, 3), (1, 2, 5), (1, 2, 3, 4, 5, 6, 7, 8, 9))
PLAIN_EXPONENTS = (-3, 4)
"""The exponents between which labels of logarithmic axes are written out."""


def log_ticks(limits: AxisLimits, max_ticks: int) -> Iterator[Ticks]:
    """Yield ticks at powers of ten, at multiples of them if there are few, or evenly spaced if there are none."""
    low, high = math.log10(limits.low), math.log10(limits.high)
    first, last = math.floor(low + 1e-9), math.floor(high + 1e-9)
    for digits in reversed(DIGITS_PER_DECADE):
        pairs = [(digit, power) for power in range(first, last + 1) for digit in digits]
        inside = [pair for pair in pairs if low - 1e-9 <= math.log10(pair[0]) + pair[1] <= high + 1e-9]
        if len(inside) > max_ticks:
            continue
        if len(inside) < 2:
            yield from linear_ticks(limits, max_ticks)
        yield _power_ticks(inside)
    for every in (2, 3, 5, 10, 20, 50, 100):
        powers = [power for power in range(first, last + 1) if power % every == 0 and power >= low - 1e-9]
        if len(powers) <= max_ticks:
            yield _power_ticks([(1, power) for power in powers])


def symlog_ticks(limits: AxisLimits, threshold: float, max_ticks: int) -> Iterator[Ticks]:
    """Yield ticks at zero and at powers of ten from the threshold on, on both sides."""
    least = math.ceil(math.log10(threshold) - 1e-9)
    greatest = math.floor(math.log10(max(abs(limits.low), abs(limits.high), threshold)) + 1e-9)
    for every in (1, 2, 3, 5, 10, 20, 50, 100, 1000):
        # The powers near zero are close together, so the first one is optional.
        for first in (least, least + every):
            powers = range(first, greatest + 1, every)
            signed = [(-1, power) for power in reversed(powers)] + [(0, 0)] + [(1, power) for power in powers]
            inside = [pair for pair in signed if limits.low <= pair[0] * 10.0 ** pair[1] <= limits.high]
            if len(inside) < 2:
                yield from linear_ticks(limits, max_ticks)
            elif len(inside) <= max_ticks:
                yield _power_ticks(inside)


def _power_ticks(pairs: list[tuple[int, int]]) -> Ticks:
    """Return ticks at digits times powers of ten, in one notation for all."""
    is_plain = all(PLAIN_EXPONENTS[0] <= power <= PLAIN_EXPONENTS[1] for _, power in pairs)
    write = format_plain if is_plain else format_scientific
    return Ticks(tuple(Tick(float(f"{digit}e{power}"), write(digit, power)) for digit, power in pairs))
