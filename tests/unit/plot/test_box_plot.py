"""Box plots."""

from __future__ import annotations

import math

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.axes.axis import Axis
from qtui.plot.charts.box_plot import BoxPlot, draw_box_plot, summarise_box
from qtui.text import width


@given(
    st.lists(st.tuples(st.text(max_size=5), st.lists(st.floats(), max_size=12)), max_size=5),
    st.none() | st.integers(0, 4),
    st.booleans(),
    st.integers(0, 70),
    st.integers(0, 14),
)
def test_any_values_fill_exactly_the_cells(
    samples: list[tuple[str, list[float]]], current: int | None, ascii_only: bool, cells: int, rows: int
) -> None:
    boxes = tuple(summarise_box(name, values) for name, values in samples)
    plot = BoxPlot(boxes, title="ic by lr", current=current, ascii_only=ascii_only)
    assert [width(line) for line in draw_box_plot(plot, cells, rows).lines()] == [cells] * rows


def test_a_box_has_the_quartiles_of_numpy_and_whiskers_at_the_last_values_that_are_no_outliers() -> None:
    values = [*numpy.random.default_rng(0).normal(size=200), 9.0, -8.0]
    box = summarise_box("a", values)
    low, median, high = numpy.quantile(values, [0.25, 0.5, 0.75])
    assert (box.first_quartile, box.median, box.third_quartile) == pytest.approx((low, median, high))
    limit = 1.5 * (high - low)
    inside = [value for value in values if low - limit <= value <= high + limit]
    assert (box.low, box.high) == (min(inside), max(inside))
    assert sorted(box.outliers) == sorted(set(values) - set(inside))


def test_values_that_are_not_finite_are_left_out_of_a_box() -> None:
    box = summarise_box("a", [1.0, math.nan, 2.0, math.inf, 3.0])
    assert (box.size, box.left_out, box.median) == (3, 2, 2.0)


def test_a_box_without_values_is_named_and_empty() -> None:
    lines = draw_box_plot(BoxPlot((summarise_box("adam", []),)), 40, 5).lines()
    assert lines[0].split() == ["adam", "no", "value"]


def test_a_box_shows_whiskers_box_median_and_outliers_in_this_order() -> None:
    box = summarise_box("adam", [0, 1, 2, 3, 4, 5, 6, 7, 8, 30])
    line = draw_box_plot(BoxPlot((box,)), 70, 4).lines()[0]
    marks = [line.index(mark) for mark in ("├", "▒", "┃", "┤", "∘")]
    assert marks == sorted(marks)


def test_the_median_and_the_count_stand_behind_a_box() -> None:
    line = draw_box_plot(BoxPlot((summarise_box("adam", [1.0, 2.0, 3.0]),)), 60, 4).lines()[0]
    assert line.split()[-2:] == ["2", "n=3"]


def test_boxes_share_one_axis() -> None:
    boxes = (summarise_box("a", [0.0, 0.0]), summarise_box("b", [10.0, 10.0]))
    lines = draw_box_plot(BoxPlot(boxes, Axis(low=0, high=10)), 60, 5).lines()
    first, second = (line.index("┃") for line in lines if "┃" in line)
    assert first < second
    assert lines[-1].split()[0] == "0"


def test_the_box_under_the_cursor_stays_visible_and_the_others_are_counted() -> None:
    boxes = tuple(summarise_box(f"box{number}", [1.0, 2.0]) for number in range(20))
    lines = draw_box_plot(BoxPlot(boxes, current=15, title="t"), 60, 8).lines()
    assert any(line.startswith("▸ box15") for line in lines)
    assert "above" in "".join(lines) and "below" in "".join(lines)


def test_a_box_plot_in_ascii_has_no_other_characters() -> None:
    boxes = (summarise_box("a", [0, 1, 2, 3, 40]), summarise_box("b", []))
    lines = draw_box_plot(BoxPlot(boxes, title="t", current=0, ascii_only=True), 60, 8).lines()
    assert all(line.isascii() for line in lines)
