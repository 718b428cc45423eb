"""Rows of text are cut, wrapped and marked by cells."""

from __future__ import annotations

import re

import pytest

from qtui.artifacts.text.syntax import highlight
from qtui.plot.pieces import Piece, Row
from qtui.plot.rows import plain_text
from qtui.text import width
from qtui.tui.present.artifact.row_cells import crop_row, mark_matches, wrap_row

MIXED: Row = (Piece("ab沪深"), Piece("300 e\u0301x", "muted"))


@pytest.mark.parametrize(
    ("start", "cells", "text"),
    [(0, 4, "ab沪"), (0, 3, "ab "), (3, 4, " 深3"), (6, 3, "300"), (10, 9, "e\u0301x"), (40, 5, "")],
)
def test_a_row_is_cropped_by_cells_and_halves_of_wide_characters_are_blank(start: int, cells: int, text: str) -> None:
    assert plain_text(crop_row(MIXED, start, cells)) == text


@pytest.mark.parametrize("cells", range(2, 14))
def test_wrapped_lines_fit_and_hold_the_whole_text(cells: int) -> None:
    lines = wrap_row(MIXED, cells)
    assert all(width(plain_text(line)) <= cells for line in lines)
    assert "".join(map(plain_text, lines)) == plain_text(MIXED)


def test_an_empty_row_is_one_line() -> None:
    assert wrap_row((), 10) == ((),)


def test_matches_are_marked_across_pieces() -> None:
    marked = mark_matches((Piece("one tw"), Piece("o three", "muted")), re.compile("two"))
    assert [(piece.text, piece.role) for piece in marked] == [
        ("one ", "text"),
        ("tw", "match"),
        ("o", "match"),
        (" three", "muted"),
    ]


def test_source_text_gets_the_roles_of_its_tokens_and_keeps_every_character() -> None:
    rows: list[Row] = [(Piece(line),) if line else () for line in ("def f():", "", '    return "x"  # note', "\x1b")]
    colored = highlight(rows, "python")
    assert [plain_text(row) for row in colored] == [plain_text(row) for row in rows]
    roles = {piece.text: piece.role for row in colored for piece in row}
    assert (roles["def"], roles["# note"]) == ("accent", "muted")
    assert highlight(rows, "no such language") == tuple(rows)
