"""Scales of axes: linear, logarithmic, and logarithmic on both sides of zero."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.plot.array_types import Floats

MAX_FRACTION = 1e6
"""The maximum distance from the axis, in lengths of it; larger fractions are clipped so that sums stay finite."""

MAX_FLOAT = sys.float_info.max
LINEAR_TERM_DECADES = 16
"""The number of decades after which the linear term of a symlog scale is negligible."""


class Scale(Protocol):
    """Conversion between values and fractions of an axis."""

    @property
    def name(self) -> str:
        """The name that users read."""
        ...

    @property
    def positive_only(self) -> bool:
        """Whether it cannot show zero and negative values."""
        ...

    @property
    def resolution(self) -> float:
        """The smallest length that it can distinguish."""
        ...

    def fraction(self, values: Floats, low: float, high: float) -> Floats:
        """Return the position of each value between `low` (0) and `high` (1)."""
        ...

    def value(self, fractions: Floats, low: float, high: float) -> Floats:
        """Return the value at each fraction of the axis."""
        ...


@dataclass(frozen=True, slots=True)
class Linear:
    """Linear scale."""

    name: str = "linear"
    positive_only: bool = False
    resolution: float = 1e-300

    def fraction(self, values: Floats, low: float, high: float) -> Floats:
        """Return fractions; values are scaled to about 1 first, so that extreme numbers keep their digits."""
        import numpy

        exponent = -math.frexp(max(abs(low), abs(high)))[1]
        near = math.ldexp(low, exponent)
        with numpy.errstate(over="ignore"):
            lengths: Floats = (numpy.ldexp(values, exponent) - near) / (math.ldexp(high, exponent) - near)
        return lengths.clip(-MAX_FRACTION, MAX_FRACTION)

    def value(self, fractions: Floats, low: float, high: float) -> Floats:
        """Return values, weighted between the limits because their difference can overflow."""
        import numpy

        with numpy.errstate(over="ignore"):
            values: Floats = low * (1 - fractions) + high * fractions
        return values


@dataclass(frozen=True, slots=True)
class Log:
    """Logarithmic scale."""

    name: str = "log"
    positive_only: bool = True
    resolution: float = 0.0

    def fraction(self, values: Floats, low: float, high: float) -> Floats:
        """Return fractions of the logarithms; NaN for values without one."""
        import numpy

        with numpy.errstate(invalid="ignore", divide="ignore"):
            return LINEAR.fraction(numpy.log10(values), float(numpy.log10(low)), float(numpy.log10(high)))

    def value(self, fractions: Floats, low: float, high: float) -> Floats:
        """Return values between the powers of ten."""
        import numpy

        with numpy.errstate(over="ignore"):
            powers = LINEAR.value(fractions, float(numpy.log10(low)), float(numpy.log10(high)))
            return numpy.power(10.0, powers).clip(max=MAX_FLOAT)


@dataclass(frozen=True, slots=True)
class Symlog:
    """Symmetric logarithmic scale: linear between -threshold and threshold."""

    threshold: float = 1.0
    name: str = "symlog"
    positive_only: bool = False

    @property
    def resolution(self) -> float:
        """A small share of the threshold."""
        return max(self.threshold * 1e-9, 1e-300)

    def fraction(self, values: Floats, low: float, high: float) -> Floats:
        """Return fractions of the transformed values."""
        import numpy

        ends = self._transform(numpy.array([low, high]))
        return LINEAR.fraction(self._transform(values), float(ends[0]), float(ends[1]))

    def value(self, fractions: Floats, low: float, high: float) -> Floats:
        """Return values by the inverse transformation."""
        import numpy

        ends = self._transform(numpy.array([low, high]))
        transformed = LINEAR.value(fractions, float(ends[0]), float(ends[1]))
        size = numpy.abs(transformed)
        with numpy.errstate(over="ignore"):
            near = numpy.expm1(size * math.log(10)) * self.threshold
            far = numpy.power(10.0, size + math.log10(self.threshold))
        values: Floats = numpy.copysign(
            numpy.where(size < LINEAR_TERM_DECADES, near, far).clip(max=MAX_FLOAT), transformed
        )
        return values

    def _transform(self, values: Floats) -> Floats:
        import numpy

        # The maximum float divided by a small threshold overflows; its logarithm does not.
        size = numpy.abs(values)
        with numpy.errstate(over="ignore", divide="ignore"):
            near = numpy.log1p(size / self.threshold) / math.log(10)
            far = numpy.log10(size) - numpy.log10(self.threshold)
        return numpy.sign(values) * numpy.where(numpy.isfinite(near), near, far)


LINEAR = Linear()
LOG = Log()

MAX_SYMLOG_DECADES = 6
"""The maximum number of decades between the threshold of a symmetric scale and the largest value."""


def logarithmic_scale(columns: Iterable[Floats]) -> Scale:
    """Return the logarithmic scale for these values: symmetric if not all are positive, linear if all are zero."""
    import numpy

    finite = [column[numpy.isfinite(column)] for column in columns]
    if all(bool((column > 0).all()) for column in finite):
        return LOG
    sizes = [size for column in finite if len(size := numpy.abs(column[column != 0]))]
    if not sizes:
        return LINEAR
    least, greatest = min(float(size.min()) for size in sizes), max(float(size.max()) for size in sizes)
    return Symlog(10.0 ** math.floor(math.log10(max(least, greatest / 10**MAX_SYMLOG_DECADES, 1e-300))))
