"""How curves are wanted: along what, how smooth, on which scales, and what of them is seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from qtui.plot.axis import Axis, unit_of
from qtui.plot.band import Band, Spread
from qtui.plot.chart import Chart
from qtui.plot.limits import Limits
from qtui.plot.scale import LINEAR, Scale, by_magnitude
from qtui.plot.series import Along, Curve

SMOOTHINGS = (0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999)
"""The weights from none to the strongest that is of use."""

Thing = TypeVar("Thing")


class Ends(NamedTuple):
    """The ends of an axis as they were typed; one that is missing follows the data."""

    low: float | None = None
    high: float | None = None


FREE = Ends()
"""An axis that follows the data."""


@dataclass(frozen=True, slots=True)
class Look:
    """All that a user can want of a chart, whatever its curves are."""

    along: Along = Along.STEP
    smoothing: float = 0.0
    log_x: bool = False
    log_y: bool = False
    clip: bool = False
    normalised: bool = False
    extremes: bool = False
    spread: Spread = Spread.DEVIATION
    """What the band around the mean of a group reaches over."""
    right: frozenset[str] = frozenset()
    """The metrics on the axis of their own."""
    x: Ends = FREE
    y: Ends = FREE
    y_right: Ends = FREE

    def smoothed_by(self, steps: int) -> Look:
        """More smoothing, or less."""
        return replace(self, smoothing=neighbour(SMOOTHINGS, self.smoothing, steps))

    def run_along(self, along: Along) -> Look:
        """Along something else, of which all is seen."""
        return replace(self, along=along, log_x=self.log_x and along is not Along.TIME, x=FREE)

    def switched_to_right(self, metric: str) -> Look:
        """The metric on the axis at the right, or back on that at the left."""
        return replace(self, right=self.right ^ {metric})

    def seeing(self, window: Limits | None) -> Look:
        """From one place to another; none means all there is."""
        return replace(self, x=Ends(*window) if window else FREE)


def neighbour(things: Sequence[Thing], current: Thing, steps: int) -> Thing:
    """What stands so many steps from another, at most at the end."""
    index = things.index(current) + steps
    return things[max(0, min(index, len(things) - 1))]


def scales_of(curves: Sequence[Curve], look: Look) -> Mapping[str, Scale]:
    """The scales that these curves need: those of their places, of the left and of the right axis."""
    sides: dict[str, Scale] = {"x": LINEAR, "y": LINEAR, "right": LINEAR}
    if look.log_x:
        sides["x"] = by_magnitude(curve.x for curve in curves)
    if look.log_y:
        for name, right in (("y", False), ("right", True)):
            sides[name] = by_magnitude(curve.y for curve in curves if curve.right is right)
    return sides


def chart_of(curves: Sequence[Curve], bands: Sequence[Band], look: Look, scales: Mapping[str, Scale]) -> Chart:
    """The chart of curves that were shaped as the look wants."""
    return Chart(
        tuple(curves),
        tuple(bands),
        x=Axis(scales["x"], *look.x, unit=unit_of(look.along), title=look.along.value),
        y=Axis(scales["y"], *look.y),
        right=Axis(scales["right"], *look.y_right),
        clip=look.clip,
        extremes=look.extremes,
        legend=False,
    )
