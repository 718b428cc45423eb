"""Scatter plots."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.axes.axis import Axis
from qtui.plot.charts.scatter import PointGroup, Scatter, draw_scatter, group_by_value
from qtui.plot.scale import LINEAR, LOG
from qtui.text import width

floats = st.lists(st.floats(), max_size=12)


@given(
    st.lists(st.tuples(st.text(max_size=4), floats, floats), max_size=3),
    st.sampled_from([LINEAR, LOG]),
    st.none() | st.tuples(st.floats(), st.floats()),
    st.lists(st.text(max_size=3), max_size=3),
    st.booleans(),
    st.integers(0, 70),
    st.integers(0, 16),
)
def test_any_points_fill_exactly_the_cells(
    groups: list[tuple[str, list[float], list[float]]],
    scale: object,
    current: tuple[float, float] | None,
    x_names: list[str],
    ascii_only: bool,
    cells: int,
    rows: int,
) -> None:
    scatter = Scatter(
        tuple(
            PointGroup(name, f"run-{number}", xs[: len(ys)], ys[: len(xs)])
            for number, (name, xs, ys) in enumerate(groups)
        ),
        Axis(scale=scale),  # type: ignore[arg-type]
        Axis(scale=scale),  # type: ignore[arg-type]
        title="points",
        current=current,
        front=((1.0, 1.0),),
        x_names=x_names,
        ascii_only=ascii_only,
    )
    picture = draw_scatter(scatter, cells, rows)
    assert [width(line) for line in picture.lines()] == [cells] * rows


def test_points_are_where_the_axes_say() -> None:
    picture = draw_scatter(Scatter((PointGroup("", "run-0", [0, 10, 5], [0, 10, 5]),)), 41, 12)
    area = picture.area
    assert area is not None
    marks = [(column, row) for row, line in enumerate(picture.rows) for column, role in _roles(line) if role == "run-0"]
    assert sorted(marks) == [(area.column_of(x), area.row_of(x)) for x in (0, 5, 10)]


def test_points_that_are_not_finite_are_counted() -> None:
    scatter = Scatter((PointGroup("", "run-0", [1, math.nan, 2], [1, 2, math.inf]),), title="ic by lr")
    assert draw_scatter(scatter, 60, 10).lines()[0].split() == ["ic", "by", "lr", "2", "points", "left", "out"]


def test_a_chart_without_points_says_so() -> None:
    assert "no finite point" in "".join(draw_scatter(Scatter(()), 40, 8).lines())


def test_a_logarithmic_axis_leaves_out_what_is_not_positive() -> None:
    scatter = Scatter((PointGroup("", "run-0", [0.0, 1.0, 10.0], [1, 2, 3]),), Axis(scale=LOG), title="t")
    assert "1 point left out" in draw_scatter(scatter, 60, 10).lines()[0]


def test_the_point_under_the_cursor_and_the_front_have_marks_of_their_own() -> None:
    groups = (PointGroup("", "run-0", [1, 2, 3], [1, 2, 3]),)
    text = "".join(draw_scatter(Scatter(groups, front=((3, 3),), current=(2, 2)), 40, 10).lines())
    assert "◆" in text and "◉" in text


def test_several_groups_have_a_legend_and_marks_in_ascii() -> None:
    groups = (PointGroup("adam", "run-0", [1], [1]), PointGroup("sgd", "run-1", [2], [2]))
    lines = draw_scatter(Scatter(groups, title="t", ascii_only=True), 40, 10).lines()
    assert lines[1].split() == ["*", "adam", "+", "sgd"]
    assert all(line.isascii() for line in lines)


def test_names_of_categories_stand_below_the_axis() -> None:
    scatter = Scatter((PointGroup("", "run-0", [0, 1], [1, 2]),), x_names=("adam", "sgd"))
    assert draw_scatter(scatter, 40, 8).lines()[-1].split() == ["adam", "sgd"]


def test_many_points_are_drawn_as_dots_that_share_cells() -> None:
    values = [float(number) for number in range(5000)]
    text = "".join(draw_scatter(Scatter((PointGroup("", "run-0", values, values),)), 40, 10).lines())
    assert "•" not in text
    assert any(0x2800 < ord(character) < 0x2900 for character in text)


def test_points_are_grouped_by_few_values_and_by_ranges_of_many() -> None:
    names = group_by_value([1.0, 1.0, 2.0], [1.0, 2.0, 3.0], ["a", "b", "a"])
    assert [(group.name, list(group.xs)) for group in names] == [("a", [1.0, 2.0]), ("b", [1.0])]
    numbers = [float(number) for number in range(100)]
    ranges = group_by_value(numbers, numbers, numbers)
    assert [len(group.xs) for group in ranges] == [25, 25, 25, 25]
    assert ranges[0].name == "0 to 24"


def test_points_without_a_third_value_are_a_group_of_their_own() -> None:
    groups = group_by_value([1.0, 2.0], [1.0, 2.0], [None, "a"])
    assert [(group.name, group.role) for group in groups] == [("a", "run-0"), ("–", "muted")]


@pytest.mark.parametrize("cells, rows", [(1, 1), (5, 2), (11, 3)])
def test_a_tiny_picture_says_that_there_is_too_little_room(cells: int, rows: int) -> None:
    picture = draw_scatter(Scatter((PointGroup("", "run-0", [1], [1]),)), cells, rows)
    assert "too little room".startswith(picture.lines()[0].rstrip("… "))


def _roles(row: tuple[tuple[str, str], ...]) -> list[tuple[int, str]]:
    cells: list[tuple[int, str]] = []
    for text, role in row:
        cells += [(len(cells) + offset, role) for offset in range(len(text))]
    return cells
