"""A chart as a value: its curves, its axes, and how it is to be drawn."""

from __future__ import annotations

from dataclasses import dataclass

from qtui.plot.axis import DEFAULT_AXIS, Axis
from qtui.plot.band import Band
from qtui.plot.glyphs import BRAILLE, Glyphs
from qtui.plot.series import Curve


@dataclass(frozen=True, slots=True)
class Chart:
    """Curves over one another; later ones are drawn over earlier ones."""

    curves: tuple[Curve, ...] = ()
    bands: tuple[Band, ...] = ()
    """Drawn behind all curves."""
    x: Axis = DEFAULT_AXIS
    y: Axis = DEFAULT_AXIS
    y_right: Axis = DEFAULT_AXIS
    """The axis of the curves that are of another unit."""
    title: str = ""
    legend: bool = True
    clip_outliers: bool = False
    """Whether a few values far from the rest are left outside."""
    mark_extremes: bool = False
    """Whether the least and the greatest value of every curve are marked."""
    cursor: float | None = None
    """The place under the cursor."""
    grid: bool = True
    glyphs: Glyphs = BRAILLE
    use_marks: bool = False
    """Whether curves are told apart by marks, because there are no colours."""

    @property
    def curves_with_raw(self) -> tuple[Curve, ...]:
        """The curves in the order they are drawn, those beneath smoothed ones first."""
        return (*(curve.raw for curve in self.curves if curve.raw is not None), *self.curves)

    @property
    def axis_curves(self) -> tuple[Curve, ...]:
        """All that the axes go around."""
        return (*(end for band in self.bands for end in (band.low, band.high)), *self.curves_with_raw)
