"""Zoom and pan: what is pointed at stays where it is, and nothing beyond the data is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.axes.limits import AxisLimits
from qtui.plot.curves.viewport import follow_end, pan, scroll_into_view, zoom
from qtui.plot.scale import LINEAR, LOG

WHOLE = AxisLimits(0, 1000)


def test_a_zoom_keeps_the_place_under_the_cursor() -> None:
    assert zoom(WHOLE, WHOLE, LINEAR, 250, 2) == (125, 625)
    assert zoom(AxisLimits(125, 625), WHOLE, LINEAR, 250, 0.5) is None


def test_a_zoom_on_a_logarithmic_axis_goes_by_factors() -> None:
    limits = zoom(AxisLimits(1, 10_000), AxisLimits(1, 10_000), LOG, 100, 2)
    assert limits == (pytest.approx(10), pytest.approx(1000))


def test_a_pan_stops_at_the_ends() -> None:
    assert pan(AxisLimits(100, 300), WHOLE, LINEAR, 0.5) == (pytest.approx(200), pytest.approx(400))
    assert pan(AxisLimits(100, 300), WHOLE, LINEAR, -5) == (0, pytest.approx(200))
    assert pan(AxisLimits(100, 300), WHOLE, LINEAR, 50) == (pytest.approx(800), 1000)
    assert pan(WHOLE, WHOLE, LINEAR, 0.5) is None


def test_a_view_at_the_end_follows_it_and_any_other_stays() -> None:
    grown = AxisLimits(0, 1200)
    assert follow_end(AxisLimits(900, 1000), WHOLE, grown) == (1100, 1200)
    assert follow_end(AxisLimits(100, 200), WHOLE, grown) == (100, 200)


def test_a_view_moves_as_little_as_needed_to_show_a_value() -> None:
    assert scroll_into_view(AxisLimits(100, 300), WHOLE, LINEAR, 200) == (100, 300)
    assert scroll_into_view(AxisLimits(100, 300), WHOLE, LINEAR, 350) == (pytest.approx(150), pytest.approx(350))
    assert scroll_into_view(AxisLimits(100, 300), WHOLE, LINEAR, 0) == (0, pytest.approx(200))


@given(
    ends=st.tuples(st.floats(0, 1000), st.floats(0, 1000)).filter(lambda ends: ends[0] != ends[1]),
    at=st.floats(0, 1000),
    factor=st.floats(0.01, 100),
    share=st.floats(-3, 3),
)
def test_a_view_never_leaves_the_data(ends: tuple[float, float], at: float, factor: float, share: float) -> None:
    seen = AxisLimits(min(ends), max(ends))
    for limits in (zoom(seen, WHOLE, LINEAR, at, factor), pan(seen, WHOLE, LINEAR, share)):
        if limits is not None:
            assert WHOLE.low <= limits.low < limits.high <= WHOLE.high
