"""Axes as they are typed."""

from __future__ import annotations

import pytest

from qtui.errors import UsageError
from qtui.plot.look import FREE, Look
from qtui.plot.scale import LINEAR, LOG
from qtui.plot.series import Along
from qtui.plot.typed import typed, written_ends

EVEN = {"x": LINEAR, "y": LINEAR, "right": LINEAR}
NOW = 1_780_000_000_000
DAY = 86_400_000


def of(text: str, along: Along = Along.STEP) -> Look:
    return typed(text, Look(along=along), EVEN, NOW)


def test_every_axis_can_be_typed_and_the_others_stay() -> None:
    look = typed("Y 1e-3:1 right :10", of("x 0:1,500"), EVEN, NOW)
    assert (look.x, look.y, look.y_right) == ((0, 1500), (0.001, 1), (None, 10))
    assert written_ends(look) == "x 0:1500 y 0.001:1 right :10"


def test_an_axis_without_ends_follows_the_data_again() -> None:
    assert typed("x y", of("x 0:5 y 1:2"), EVEN, NOW) == Look()
    assert of("x :").x == FREE


def test_ends_can_be_typed_either_way_round() -> None:
    assert of("x 9:-3").x == (-3, 9)


def test_relative_time_is_typed_in_hours_and_minutes() -> None:
    look = of("x -5m:1h30m", Along.RELATIVE)
    assert look.x == (-300_000, 5_400_000)
    assert typed(written_ends(look), Look(along=Along.RELATIVE), EVEN, NOW) == look
    assert of("x 0:", Along.RELATIVE).x == (0, None)


def test_moments_are_typed_as_dates_and_come_back_as_they_were() -> None:
    look = of("x 2026-01-31..2026-02-02T12:30", Along.TIME)
    low, high = look.x
    assert low is not None and high is not None and high - low == 2.5 * DAY + 1_800_000
    assert typed(written_ends(look), Look(along=Along.TIME), EVEN, NOW) == look


@pytest.mark.parametrize(
    ("text", "along", "said"),
    [
        ("", Along.STEP, "Write an axis"),
        ("0:5", Along.STEP, "Write an axis"),
        ("z 0:5", Along.STEP, "Write an axis"),
        ("x 5", Along.STEP, "Write an axis"),
        ("x a:5", Along.STEP, "'a' is no number."),
        ("y nan:5", Along.STEP, "'nan' is no number."),
        ("x 5:9", Along.RELATIVE, "'5' is no length of time"),
        ("x 10:00", Along.TIME, "two dots"),
        ("x soon..", Along.TIME, "'soon' is no moment"),
    ],
)
def test_what_cannot_be_understood_is_explained(text: str, along: Along, said: str) -> None:
    with pytest.raises(UsageError, match=said.replace(".", r"\.")):
        of(text, along)


def test_a_logarithmic_axis_takes_no_zero() -> None:
    with pytest.raises(UsageError, match="no place for zero"):
        typed("y 0:1", Look(), {**EVEN, "y": LOG}, NOW)
