"""How values lie along an axis: evenly, by their magnitude, or by their magnitude on both sides of zero."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from qtui.plot.array_types import Floats

MAX_FRACTION = 1e6
"""So many lengths of the axis away everything looks the same, and sums of such numbers are still finite."""

MAX_FLOAT = sys.float_info.max
LINEAR_TERM_DECADES = 16
"""From this power of ten on, adding one changes nothing."""


class Scale(Protocol):
    """Turns values into places between the ends of an axis, and back."""

    @property
    def name(self) -> str:
        """What users call it."""
        ...

    @property
    def positive_only(self) -> bool:
        """Whether it has no place for zero and what is below."""
        ...

    @property
    def resolution(self) -> float:
        """A length below which all is the same to it."""
        ...

    def fraction(self, values: Floats, low: float, high: float) -> Floats:
        """How far each value lies from `low`, which is 0, to `high`, which is 1."""
        ...

    def value(self, fractions: Floats, low: float, high: float) -> Floats:
        """What lies so far along the axis."""
        ...


@dataclass(frozen=True, slots=True)
class Linear:
    """Equal differences are equally long."""

    name: str = "linear"
    positive_only: bool = False
    resolution: float = 1e-300

    def fraction(self, values: Floats, low: float, high: float) -> Floats:
        """Worked out near 1, where neither the greatest nor the least numbers lose anything."""
        import numpy

        exponent = -math.frexp(max(abs(low), abs(high)))[1]
        near = math.ldexp(low, exponent)
        with numpy.errstate(over="ignore"):
            lengths: Floats = (numpy.ldexp(values, exponent) - near) / (math.ldexp(high, exponent) - near)
        return lengths.clip(-MAX_FRACTION, MAX_FRACTION)

    def value(self, fractions: Floats, low: float, high: float) -> Floats:
        """Weighed between the ends, since their difference may be more than a float holds."""
        import numpy

        with numpy.errstate(over="ignore"):
            values: Floats = low * (1 - fractions) + high * fractions
        return values


@dataclass(frozen=True, slots=True)
class Log:
    """Equal factors are equally long."""

    name: str = "log"
    positive_only: bool = True
    resolution: float = 0.0

    def fraction(self, values: Floats, low: float, high: float) -> Floats:
        """By the logarithm; what has none is NaN."""
        import numpy

        with numpy.errstate(invalid="ignore", divide="ignore"):
            return LINEAR.fraction(numpy.log10(values), float(numpy.log10(low)), float(numpy.log10(high)))

    def value(self, fractions: Floats, low: float, high: float) -> Floats:
        """Between the powers of ten."""
        import numpy

        with numpy.errstate(over="ignore"):
            powers = LINEAR.value(fractions, float(numpy.log10(low)), float(numpy.log10(high)))
            return numpy.power(10.0, powers).clip(max=MAX_FLOAT)


@dataclass(frozen=True, slots=True)
class Symlog:
    """Like `Log` away from zero, on both sides of it; like `Linear` nearer to it than the threshold."""

    threshold: float = 1.0
    name: str = "symlog"
    positive_only: bool = False

    @property
    def resolution(self) -> float:
        """A small part of the threshold."""
        return max(self.threshold * 1e-9, 1e-300)

    def fraction(self, values: Floats, low: float, high: float) -> Floats:
        """By the bent values."""
        import numpy

        ends = self._transform(numpy.array([low, high]))
        return LINEAR.fraction(self._transform(values), float(ends[0]), float(ends[1]))

    def value(self, fractions: Floats, low: float, high: float) -> Floats:
        """Bent back."""
        import numpy

        ends = self._transform(numpy.array([low, high]))
        bent = LINEAR.value(fractions, float(ends[0]), float(ends[1]))
        size = numpy.abs(bent)
        with numpy.errstate(over="ignore"):
            near = numpy.expm1(size * math.log(10)) * self.threshold
            far = numpy.power(10.0, size + math.log10(self.threshold))
        values: Floats = numpy.copysign(numpy.where(size < LINEAR_TERM_DECADES, near, far).clip(max=MAX_FLOAT), bent)
        return values

    def _transform(self, values: Floats) -> Floats:
        import numpy

        # The greatest number over a small threshold is more than a float holds; its logarithm is not.
        size = numpy.abs(values)
        with numpy.errstate(over="ignore", divide="ignore"):
            near = numpy.log1p(size / self.threshold) / math.log(10)
            far = numpy.log10(size) - numpy.log10(self.threshold)
        return numpy.sign(values) * numpy.where(numpy.isfinite(near), near, far)


LINEAR = Linear()
LOG = Log()

MAX_SYMLOG_DECADES = 6
"""So many powers of ten below the greatest value a symmetric scale ends, at most, and is even towards zero."""


def logarithmic_scale(columns: Iterable[Floats]) -> Scale:
    """The logarithmic scale that has a place for all of these values; even where there is none but zero."""
    import numpy

    finite = [column[numpy.isfinite(column)] for column in columns]
    if all(bool((column > 0).all()) for column in finite):
        return LOG
    sizes = [size for column in finite if len(size := numpy.abs(column[column != 0]))]
    if not sizes:
        return LINEAR
    least, greatest = min(float(size.min()) for size in sizes), max(float(size.max()) for size in sizes)
    return Symlog(10.0 ** math.floor(math.log10(max(least, greatest / 10**MAX_SYMLOG_DECADES, 1e-300))))
