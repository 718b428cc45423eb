"""A metric along the values of another one."""

from __future__ import annotations

import numpy
import pandas
from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.curves.chart_options import ChartOptions, build_chart, scales_for
from qtui.plot.curves.drawing import draw_chart
from qtui.plot.series import XAxis, make_curve
from tests.unit.plot.build import series


def test_points_of_the_same_step_belong_together_and_other_steps_are_gaps() -> None:
    loss = series([3.0, 2.0, 1.0], [0, 1, 3])
    accuracy = series([0.1, 0.5, 0.6, 0.9], [0, 1, 1, 2])
    curve = make_curve(loss.along(accuracy))
    assert curve.x[:2].tolist() == [0.1, 0.6] and numpy.isnan(curve.x[2])
    assert curve.y.tolist() == [3.0, 2.0, 1.0]


@given(st.lists(st.integers(0, 9), max_size=8), st.lists(st.integers(0, 9), max_size=8))
def test_the_values_are_those_that_pandas_joins_by_step(steps: list[int], others: list[int]) -> None:
    own, other = series([1.0] * len(steps), steps), series([float(place) for place in range(len(others))], others)
    last = pandas.Series(other.values, index=others, dtype=float).groupby(level=0).last()
    expected = last.reindex(steps).to_numpy(float)
    numpy.testing.assert_array_equal(own.along(other).x_values(XAxis.STEP), expected)


def test_the_axis_has_the_name_of_the_metric_until_another_axis_is_chosen() -> None:
    options = ChartOptions().with_x_metric("acc")
    curve = make_curve(series([3.0, 2.0, 1.0]).along(series([0.25, 0.5, 0.75])))
    chart = build_chart([curve], (), options, scales_for([curve], options))
    lines = draw_chart(chart, 60, 12).lines()
    assert lines[-1].split()[-1] == "acc" and "0.5" in lines[-1]
    assert options.with_x_axis(XAxis.STEP).x_title == "step"
