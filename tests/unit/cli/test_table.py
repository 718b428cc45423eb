"""How a table is laid out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui import text
from qtui.cli.error_report import caret_lines
from qtui.cli.table import Column, fit, lines
from qtui.cli.terminal import Terminal
from qtui.text import display, width

NAME = Column("name", ["因子研究/动量", "lgb"])
STATUS = Column("status", ["✓ finished", "✗ failed"], can_be_cut=False, styles=["good", "error"])
SCORE = Column("model.kwargs.learning_rate", ["0.05", "12.5"], ">", can_be_cut=False, is_optional=True)


def laid_out(columns: list[Column], terminal_width: int | None) -> list[str]:
    return list(lines(columns, Terminal(terminal_width)))


def test_columns_are_aligned_by_the_cells_they_fill() -> None:
    assert laid_out([NAME, STATUS, SCORE], None) == [
        "name           status      model.kwargs.learning_rate",
        "因子研究/动量  ✓ finished                        0.05",
        "lgb            ✗ failed                          12.5",
    ]


def test_a_long_title_over_numbers_keeps_its_end() -> None:
    assert laid_out([NAME, SCORE], 28) == [
        "name           …earning_rate",
        "因子研究/动量           0.05",
        "lgb                     12.5",
    ]


def test_optional_columns_are_left_out_before_others_are_cut() -> None:
    assert laid_out([NAME, STATUS, SCORE], 30) == [
        "name           status",
        "因子研究/动量  ✓ finished",
        "lgb            ✗ failed",
    ]


def test_the_widest_text_is_cut_and_no_number_is() -> None:
    assert laid_out([NAME, STATUS], 20) == ["name      status", "因子研…   ✓ finished", "lgb       ✗ failed"]


def test_only_the_words_are_painted() -> None:
    assert list(lines([STATUS], Terminal(80, has_colour=True)))[1:] == [
        "\x1b[32m✓ finished\x1b[0m",
        "\x1b[31m✗ failed\x1b[0m",
    ]


CELLS = st.lists(st.text(max_size=40).map(display), min_size=2, max_size=2)
TITLES = st.text(max_size=30).map(display)
COLUMNS = st.builds(
    lambda title, cells, optional: Column(title, cells, is_optional=optional), TITLES, CELLS, st.booleans()
)


@given(st.lists(COLUMNS, min_size=1, max_size=6), st.integers(60, 200))
def test_no_line_is_wider_than_the_terminal_for_any_cells(columns: list[Column], room: int) -> None:
    assert all(width(line) <= room for line in laid_out(columns, room))


def test_a_caret_points_to_the_invalid_part() -> None:
    assert caret_lines("因子 > 1", 3, 1) == ("因子 > 1", "     ^")
    assert caret_lines("abc", 3) == ("abc", "   ^")


def test_an_error_far_to_the_right_is_shown_with_its_surroundings() -> None:
    line, caret = caret_lines("x" * 500 + "!" + "y" * 500, 500)
    assert line[len(caret) - 1] == "!"
    assert line.startswith("…")
    assert len(line) < 200


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every character outside ASCII whose cells are looked up."""
    looked_up: list[str] = []
    cells = text.cells_of

    def counted(character: str) -> int:
        looked_up.append(character)
        return cells(character)

    monkeypatch.setattr(text, "cells_of", counted)
    return looked_up


def test_no_more_of_a_long_value_is_measured_than_a_terminal_shows(measured: list[str]) -> None:
    values = ["因子" * 250 for _ in range(100)]
    lines = laid_out([Column("note", values), NAME._replace(cells=["lgb"] * 100)], 80)
    assert lines[1].startswith("因子因子")
    assert "…" in lines[1]
    assert len(measured) < 100 * 80 * 4


def test_in_a_pipe_a_long_value_is_whole_and_widens_no_other_line() -> None:
    lines = laid_out([Column("note", ["x" * 1_000_000, *["y"] * 999]), Column("name", ["lgb"] * 1000)], None)
    assert lines[1] == "x" * 1_000_000 + "  lgb"
    assert max(map(len, lines[2:])) < 300


@given(st.lists(COLUMNS, min_size=1, max_size=6), st.integers(20, 120))
def test_columns_are_cut_to_the_widths_that_giving_up_one_cell_after_another_gives(
    columns: list[Column], room: int
) -> None:
    visible, widths = fit(columns, room)
    natural = [max(width(column.title), *map(width, column.cells)) for column in visible]
    expected = [min(room, cells) for cells in natural]
    least = [min(6, cells) for cells in expected]
    while sum(expected) + 2 * (len(expected) - 1) > room:
        spare = [(cells, index) for index, cells in enumerate(expected) if cells > least[index]]
        if not spare:
            break
        expected[max(spare)[1]] -= 1
    assert widths == expected
