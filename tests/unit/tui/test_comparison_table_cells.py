"""The cells of the table that compares runs."""

from __future__ import annotations

from qtui.plot.pieces import Piece
from qtui.tui.widgets.compare.comparison_table import fit_cell


def test_the_underline_of_a_best_value_does_not_cover_the_rest_of_its_cell() -> None:
    assert fit_cell((Piece("0.5", "best"),), 6, is_right=True) == (Piece("   "), Piece("0.5", "best"))
    assert fit_cell((Piece("0.5", "text"),), 6, is_right=True) == (Piece("   0.5", "text"),)
    assert fit_cell((Piece("0.12345", "best"),), 4, is_right=True) == (Piece("0.1…", "best"),)
