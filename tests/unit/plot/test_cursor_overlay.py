"""A cursor put over a picture looks as if the picture had been drawn with it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from qtui.plot.axes.axis import Axis, x_unit
from qtui.plot.curves.annotations import fit_cursor_label
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.cursor_overlay import overlay_cursor
from qtui.plot.curves.drawing import draw_chart
from qtui.plot.glyphs import ASCII, BRAILLE, Glyphs
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import overlay_piece, put_behind
from qtui.plot.series import Series, XAxis, make_curve
from qtui.text import width
from tests.unit.plot.strategies import any_series


def cells(rows: tuple[Row, ...]) -> list[list[tuple[str, str]]]:
    """Every character with its role; a blank has none."""
    return [[(char, "" if char == " " else piece.role) for piece in row for char in piece.text] for row in rows]


@given(
    logged=st.lists(any_series(), max_size=3),
    x_axis=st.sampled_from(XAxis),
    glyphs=st.sampled_from((BRAILLE, ASCII)),
    cursor=st.one_of(st.floats(), st.floats(0, 60)),
    size=st.tuples(st.integers(0, 90), st.integers(0, 25)),
)
def test_a_cursor_covers_only_blanks_and_guides_of_the_plot_area(
    logged: list[Series],
    x_axis: XAxis,
    glyphs: Glyphs,
    cursor: float,
    size: tuple[int, int],
) -> None:
    curves = tuple(make_curve(line, x_axis) for line in logged)
    axis = Axis(unit=x_unit(x_axis), title="步 step")
    chart = Chart(curves, x=axis, legend=False, glyphs=glyphs)
    plain = draw_chart(chart, *size)
    over = draw_chart(replace(chart, cursor=cursor), *size)
    assert over == overlay_cursor(plain, cursor, axis.unit, glyphs)
    assert [width(line) for line in over.lines()] == [width(line) for line in plain.lines()]
    bottom = plain.area.top + plain.area.height if plain.area else 0
    for before, after in zip(cells(plain.rows[:bottom]), cells(over.rows[:bottom]), strict=True):
        changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        assert all(old[1] in ("", "grid") and new[1] == "cursor" for old, new in changed)


def test_a_label_that_is_wider_than_the_picture_is_cut() -> None:
    assert fit_cursor_label("0", 1, [True, True]) == (0, " 0")
    assert fit_cursor_label("12345", 3, [True] * 4) == (0, " 123")


def test_a_half_covered_wide_character_becomes_a_blank() -> None:
    row = (Piece("a因子b", "tick"),)
    for column in range(5):
        rows = overlay_piece(row, column, Piece("|", "cursor"))
        assert sum(width(piece.text) for piece in rows) == 6
    assert "".join(piece.text for piece in overlay_piece(row, 2, Piece("|"))) == "a |子b"


def test_text_behind_is_visible_only_at_blanks() -> None:
    row = (Piece("a ", "tick"), Piece("⠂", "grid"), Piece("因 "))
    line = Piece("|", "cursor")
    rows = ["".join(piece.text for piece in put_behind(row, column, line)) for column in range(7)]
    assert rows == ["a ⠂因 ", "a|⠂因 ", "a |因 ", *["a ⠂因 "] * 4]
