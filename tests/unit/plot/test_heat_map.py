"""Heat maps."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.charts.heat_map import HeatMap, draw_heat_map
from qtui.text import width

names = st.text("ab反转\x1b 3", max_size=8)
values = st.none() | st.floats()


@given(
    st.lists(names, max_size=5).flatmap(
        lambda rows: st.lists(names, max_size=14).flatmap(
            lambda columns: st.builds(
                HeatMap,
                st.just(rows),
                st.just(columns),
                st.lists(
                    st.lists(values, min_size=len(columns), max_size=len(columns)),
                    min_size=len(rows),
                    max_size=len(rows),
                ),
                title=names,
                ascii_only=st.booleans(),
            )
        )
    ),
    st.integers(0, 90),
    st.integers(0, 20),
)
def test_any_values_fill_exactly_the_cells(heat_map: HeatMap, cells: int, rows: int) -> None:
    picture = draw_heat_map(heat_map, cells, rows)
    assert [width(line) for line in picture.lines()] == [cells] * rows


def test_a_cell_shows_its_number_and_the_sign_has_a_colour() -> None:
    picture = draw_heat_map(HeatMap(["2020"], ["Jan", "Feb"], [[0.5, -0.25]]), 30, 2)
    assert picture.lines()[1].split() == ["2020", "███", "0.5", "███", "▓▓", "-0.25", "▓▓"]
    assert {piece.role for piece in picture.rows[1] if "█" in piece.text} == {"run-0"}
    assert {piece.role for piece in picture.rows[1] if "▓" in piece.text} == {"run-5"}


def test_missing_values_stay_blank() -> None:
    lines = draw_heat_map(HeatMap(["a"], ["x", "y"], [[None, math.nan]]), 30, 2).lines()
    assert lines[1].strip() == "a"


def test_rows_without_room_are_counted_and_the_last_ones_stay() -> None:
    lines = draw_heat_map(HeatMap(["2018", "2019", "2020"], ["x"], [[1.0], [2.0], [3.0]], title="IC"), 30, 4).lines()
    assert lines[0].split() == ["IC", "1", "rows", "before"]
    assert [line.split()[0] for line in lines[2:]] == ["2019", "2020"]
