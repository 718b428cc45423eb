"""A chart as a value: curves, axes and how to draw them."""

from __future__ import annotations

from qtui.plot.axes.axis import DEFAULT_AXIS, Axis
from qtui.plot.curves.band import Band
from qtui.plot.glyphs import BRAILLE, Glyphs
from qtui.plot.series import Curve
from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart; later curves are drawn over earlier ones."""

    curves: tuple[Curve, ...] = ()
    bands: tuple[Band, ...] = ()
    """Bands, drawn behind all curves."""
    members: tuple[Curve, ...] = ()
    """The curves that a mean is made of, drawn behind it and not in the legend."""
    x: Axis = DEFAULT_AXIS
    y: Axis = DEFAULT_AXIS
    y_right: Axis = DEFAULT_AXIS
    """The axis of the curves with `right`."""
    title: str = ""
    legend: bool = True
    clip_outliers: bool = False
    """Whether the y-axes leave out outliers."""
    mark_extremes: bool = False
    """Whether the minimum and maximum of every curve are marked."""
    cursor: float | None = None
    """The x value of the cursor."""
    grid: bool = True
    glyphs: Glyphs = BRAILLE
    use_marks: bool = False
    """Whether marks tell curves apart, for terminals without colours."""

    @property
    def curves_with_raw(self) -> tuple[Curve, ...]:
        """The curves in drawing order: members of groups and raw curves of smoothed ones first."""
        return (*self.members, *(curve.raw for curve in self.curves if curve.raw is not None), *self.curves)

    @property
    def axis_curves(self) -> tuple[Curve, ...]:
        """The curves that the axes must cover, with the edges of bands."""
        return (*(end for band in self.bands for end in (band.low, band.high)), *self.curves_with_raw)
