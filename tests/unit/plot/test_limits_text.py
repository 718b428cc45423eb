"""Axes as they are typed."""

from __future__ import annotations

import pytest

from qtui.errors import UsageError
from qtui.plot.curves.chart_options import AUTOMATIC, ChartOptions
from qtui.plot.curves.limits_text import format_limits, parse_limits
from qtui.plot.scale import LINEAR, LOG
from qtui.plot.series import XAxis

EVEN = {"x": LINEAR, "y": LINEAR, "right": LINEAR}
NOW = 1_780_000_000_000
DAY = 86_400_000


def of(text: str, x_axis: XAxis = XAxis.STEP) -> ChartOptions:
    return parse_limits(text, ChartOptions(x_axis=x_axis), EVEN, NOW)


def test_every_axis_can_be_typed_and_the_others_stay() -> None:
    options = parse_limits("Y 1e-3:1 right :10", of("x 0:1,500"), EVEN, NOW)
    assert (options.x_limits, options.y_limits, options.y_right_limits) == ((0, 1500), (0.001, 1), (None, 10))
    assert format_limits(options) == "x 0:1500 y 0.001:1 right :10"


def test_an_axis_without_ends_follows_the_data_again() -> None:
    assert parse_limits("x y", of("x 0:5 y 1:2"), EVEN, NOW) == ChartOptions()
    assert of("x :").x_limits == AUTOMATIC


def test_ends_can_be_typed_either_way_round() -> None:
    assert of("x 9:-3").x_limits == (-3, 9)


def test_relative_time_is_typed_in_hours_and_minutes() -> None:
    options = of("x -5m:1h30m", XAxis.RELATIVE)
    assert options.x_limits == (-300_000, 5_400_000)
    assert parse_limits(format_limits(options), ChartOptions(x_axis=XAxis.RELATIVE), EVEN, NOW) == options
    assert of("x 0:", XAxis.RELATIVE).x_limits == (0, None)


def test_moments_are_typed_as_dates_and_come_back_as_they_were() -> None:
    options = of("x 2026-01-31..2026-02-02T12:30", XAxis.TIME)
    low, high = options.x_limits
    assert low is not None and high is not None and high - low == 2.5 * DAY + 1_800_000
    assert parse_limits(format_limits(options), ChartOptions(x_axis=XAxis.TIME), EVEN, NOW) == options


@pytest.mark.parametrize(
    ("text", "x_axis", "message"),
    [
        ("", XAxis.STEP, "Type an axis"),
        ("0:5", XAxis.STEP, "Type an axis"),
        ("z 0:5", XAxis.STEP, "Type an axis"),
        ("x 5", XAxis.STEP, "Type an axis"),
        ("x a:5", XAxis.STEP, "'a' is not a number."),
        ("y nan:5", XAxis.STEP, "'nan' is not a number."),
        ("x 5:9", XAxis.RELATIVE, "'5' is not a duration"),
        ("x 10:00", XAxis.TIME, "two dots"),
        ("x soon..", XAxis.TIME, "'soon' is not a date or time"),
    ],
)
def test_invalid_limits_are_explained(text: str, x_axis: XAxis, message: str) -> None:
    with pytest.raises(UsageError, match=message.replace(".", r"\.")):
        of(text, x_axis)


def test_a_logarithmic_axis_takes_no_zero() -> None:
    with pytest.raises(UsageError, match="needs limits above zero"):
        parse_limits("y 0:1", ChartOptions(), {**EVEN, "y": LOG}, NOW)
