"""Whatever was logged, a chart is drawn, and in exactly the cells that it was given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.axes.axis import Axis, x_unit
from qtui.plot.curves.band import average_curves
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.drawing import draw_chart
from qtui.plot.glyphs import ASCII, BRAILLE, Glyphs
from qtui.plot.scale import LINEAR, LOG, Symlog
from qtui.plot.series import Series, XAxis, make_curve
from qtui.text import width
from tests.unit.plot.strategies import any_series

scales = st.sampled_from((LINEAR, LOG, Symlog(0.01), Symlog(1e-300), Symlog(1e300)))
ends = st.one_of(st.none(), st.floats())
axes = st.builds(Axis, scales, ends, ends)


@given(
    logged=st.lists(any_series(), max_size=3),
    x_axis=st.sampled_from(XAxis),
    smoothing=st.sampled_from((0, 0.6, 0.999)),
    x=axes,
    y=axes,
    glyphs=st.sampled_from((BRAILLE, ASCII)),
    flags=st.tuples(*[st.booleans()] * 7),
    cursor=st.one_of(st.none(), st.floats()),
    cells=st.integers(0, 100),
    rows=st.integers(0, 30),
)
def test_any_series_fills_exactly_the_cells_of_the_chart(
    logged: list[Series],
    x_axis: XAxis,
    smoothing: float,
    x: Axis,
    y: Axis,
    glyphs: Glyphs,
    flags: tuple[bool, ...],
    cursor: float | None,
    cells: int,
    rows: int,
) -> None:
    clip, extremes, normalised, marked, right, titled, banded = flags
    curves = [
        make_curve(line, x_axis, smoothing=smoothing, normalised=normalised, right=right and index == 1)
        for index, line in enumerate(logged)
    ]
    mean, band = average_curves(curves, "mean", "run-7")
    x = Axis(x.scale, x.low, x.high, x_unit(x_axis), x_axis.value)
    chart = Chart(
        (*curves, mean) if banded else tuple(curves),
        (band,) if banded else (),
        x=x,
        y=y,
        y_right=y,
        title="因子/loss" if titled else "",
        clip_outliers=clip,
        mark_extremes=extremes,
        cursor=cursor,
        glyphs=glyphs,
        use_marks=marked,
    )
    lines = draw_chart(chart, cells, rows).lines()
    assert [width(line) for line in lines] == [cells] * rows
