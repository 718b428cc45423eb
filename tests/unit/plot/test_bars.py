"""Bars."""

from __future__ import annotations

import math
from dataclasses import replace
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.charts.bar_chart import Bar, BarChart, draw_bars
from qtui.plot.export.bar_export import bars_csv, bars_svg
from qtui.plot.picture import Picture
from qtui.text import width

names = st.text("ab反转\x1b\u202e 3", max_size=12)
cells, rows = st.integers(0, 80), st.integers(0, 20)


def text(picture: Picture) -> list[str]:
    return [line.rstrip() for line in picture.lines()]


def widths(picture: Picture) -> list[int]:
    return [width(line) for line in picture.lines()]


ends = st.none() | st.floats()


@given(
    st.lists(st.tuples(names, ends, st.just("run-0"), names, ends, ends), max_size=12),
    names,
    st.booleans(),
    names,
    st.none() | st.integers(0, 11),
    cells,
    rows,
)
def test_any_bars_fill_exactly_the_cells(
    bars: list[tuple[str, float | None, str, str, float | None, float | None]],
    footnote: str,
    ascii_only: bool,
    title: str,
    current: int | None,
    cells: int,
    rows: int,
) -> None:
    chart = BarChart(tuple(Bar(*bar) for bar in bars), footnote, ascii_only, title, current)
    assert widths(draw_bars(chart, cells, rows)) == [cells] * rows


def test_bars_are_as_long_as_their_values_and_say_them() -> None:
    picture = text(draw_bars(BarChart((Bar("one", 4.0), Bar("反转", 2.0), Bar("x", math.nan))), 25, 3))
    assert picture == ["one  ████████████████ 4", "反转 █████████        2", "x                     NaN"]


def test_bars_below_zero_go_to_the_left() -> None:
    picture = text(draw_bars(BarChart((Bar("a", -1.0), Bar("b", 1.0))), 25, 2))
    assert picture == ["a ███████████          -1", "b           ██████████ 1"]


def test_a_tiny_value_still_has_a_bar() -> None:
    assert "█" in text(draw_bars(BarChart((Bar("a", 1000.0), Bar("b", 0.001))), 40, 2))[1]


def test_bars_that_find_no_room_and_runs_without_a_value_are_counted() -> None:
    chart = BarChart(tuple(Bar(str(number), 1.0) for number in range(9)), "52 without ICIR")
    picture = text(draw_bars(chart, 30, 4))
    assert picture[1:] == ["1 ██████████████████████████ 1", "and 7 more", "52 without ICIR"]


def test_a_mean_has_a_whisker_and_the_axis_holds_it() -> None:
    bars = (Bar("a", 2.0, low=1.0, high=3.0, note=" ± 1"), Bar("b", 3.0))
    assert text(draw_bars(BarChart(bars), 22, 2)) == ["a ████├────┼───┤ 2 ± 1", "b ██████████████ 3"]
    plain = text(draw_bars(BarChart(bars, ascii_only=True), 22, 2))
    assert plain == ["a ####|----+---| 2 ± 1", "b ############## 3"]


def test_the_bar_under_the_cursor_is_marked_and_stays_visible() -> None:
    chart = BarChart(tuple(Bar(str(number), 1.0) for number in range(9)), current=6)
    picture = text(draw_bars(chart, 12, 4))
    assert picture == ["  5 ██████ 1", "▸ 6 ██████ 1", "  7 ██████ 1", "5 above, 1 …"]


def test_bars_are_exported_as_exact_numbers_and_as_a_drawing() -> None:
    chart = BarChart((Bar("a,b", 0.1, low=0.05, high=0.15, runs=3), Bar("<x>", 0.3), Bar("c", None)), "1 without IC")
    assert bars_csv(chart) == 'name,value,low,high,runs\n"a,b",0.1,0.05,0.15,3\n<x>,0.3,,,1\n'
    drawing = ElementTree.fromstring(bars_svg(replace(chart, title="IC of 3 runs")))
    texts = [element.text for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["IC of 3 runs", "a,b", "0.1", "<x>", "0.3", "1 without IC"]


@given(st.lists(st.tuples(names, ends, st.just("run-0"), names, ends, ends), max_size=5))
def test_any_bars_are_a_well_formed_drawing(
    bars: list[tuple[str, float | None, str, str, float | None, float | None]],
) -> None:
    elements = ElementTree.fromstring(bars_svg(BarChart(tuple(Bar(*bar) for bar in bars)))).iter()
    places = " ".join(element.get(name, "") for element in elements for name in ("x", "width", "d"))
    assert "nan" not in places and "inf" not in places


def test_bars_have_the_colours_of_their_runs_however_large_the_values_and_the_widget_are() -> None:
    bars = tuple(Bar(str(row), row * 1e306, f"run-{row % 8}") for row in range(1, 100))
    picture = draw_bars(BarChart(bars), 260, 99)
    assert widths(picture) == [260] * 99
    assert [next(piece.role for piece in row if "█" in piece.text) for row in picture.rows] == [
        bar.role for bar in bars
    ]
