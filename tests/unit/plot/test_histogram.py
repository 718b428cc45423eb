"""Histograms."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.charts.histogram import Histogram, draw_histogram
from qtui.text import width


@given(st.lists(st.floats(), max_size=30), st.text(max_size=5), st.booleans(), st.integers(0, 90), st.integers(0, 20))
def test_any_values_fill_exactly_the_cells(
    values: list[float], title: str, ascii_only: bool, cells: int, rows: int
) -> None:
    picture = draw_histogram(Histogram(values, title, ascii_only=ascii_only), cells, rows)
    assert [width(line) for line in picture.lines()] == [cells] * rows


def test_the_columns_are_as_high_as_their_counts() -> None:
    values = [0.0] * 4 + [1.0] * 2 + [2.0] * 1
    lines = draw_histogram(Histogram(values), 13 + 8, 6).lines()
    heights = [sum(line[column] != " " for line in lines[:5]) for column in (5, 13, 19)]
    assert heights == [5, 3, 2]


def test_values_that_are_not_finite_are_counted_in_the_title() -> None:
    lines = draw_histogram(Histogram([1.0, math.nan, math.inf], "IC"), 40, 6).lines()
    assert lines[0].split() == ["IC", "2", "values", "left", "out"]


def test_a_histogram_in_ascii_has_no_other_characters() -> None:
    picture = draw_histogram(Histogram([1.0, 2.0, 2.0], "IC", ascii_only=True), 40, 8)
    assert all(line.isascii() for line in picture.lines())
