"""Series, curves and charts for the tests of drawing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy

from qtui.plot.series import Curve, Series, make_curve

START = 1_760_000_000_000


def series(
    values: Sequence[float], steps: Sequence[int] | None = None, *, name: str = "loss", role: str = "run-0"
) -> Series:
    """A series logged once a second."""
    count = len(values)
    return Series(
        name,
        role,
        numpy.arange(count) if steps is None else numpy.array(steps, numpy.int64),
        START + 1000 * numpy.arange(count),
        numpy.array(values, float),
    )


def curve(values: Sequence[float], steps: Sequence[int] | None = None, *, name: str = "loss") -> Curve:
    """A curve along steps."""
    return make_curve(series(values, steps, name=name))
