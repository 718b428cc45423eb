"""Rows of pieces in the colours of a theme."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.style import Style
from textual.color import Color

import qtui
from qtui.entities import Status
from qtui.plot.pieces import BAND_SUFFIX, DIM_SUFFIX, Piece
from qtui.runs.cells import Tone
from qtui.runs.run_overview import STATUS_ROLES
from qtui.tui.app import QtuiApp
from qtui.tui.themes import PALETTES, RUN_ROLES, THEMES, defaults
from qtui.tui.widgets.row_painter import ROLES, RowCursor, RowPainter
from tests.ui.test_themes import READABLE, contrast

THEME_NAMES = sorted(QtuiApp(lambda: None).available_themes)
NEAR_TEXT = {"text", "strong", "muted", "accent", "good", "warning", "error", "best", "current-cell", "focus"}


def painter_for(name: str) -> RowPainter:
    theme = QtuiApp(lambda: None).available_themes[name]
    variables = {**defaults(dark=theme.dark), **theme.to_color_system().generate(), **theme.variables}
    return RowPainter(variables, Style(), Color.parse(variables["background"]))


def roles_in_code() -> Iterator[str]:
    """Yield the roles that are literals in the code: the second argument of a piece, and every `role`."""
    for path in Path(qtui.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Piece" and len(node.args) > 1:
                yield from literals(node.args[1])
            is_role = isinstance(node, ast.keyword) and node.arg == "role"
            is_role |= isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "role"
            if is_role:
                assert isinstance(node, ast.keyword | ast.Assign)
                yield from literals(node.value)


def literals(node: ast.expr) -> list[str]:
    """Return the strings that an expression can be, not those it compares."""
    if isinstance(node, ast.IfExp):
        return [*literals(node.body), *literals(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def test_every_role_in_the_code_has_a_style() -> None:
    used = set(roles_in_code())
    assert len(used) > 10
    assert used <= ROLES.keys()


def test_every_tone_of_a_cell_is_a_role() -> None:
    assert set(Tone) <= ROLES.keys()


def test_a_status_has_one_colour_in_the_table_and_in_the_details() -> None:
    assert {status: Tone[status] for status in Status} == STATUS_ROLES


@pytest.mark.parametrize("name", THEME_NAMES)
def test_every_role_has_a_colour_in_every_theme(name: str) -> None:
    painter = painter_for(name)
    dim = [role + suffix for role in (*RUN_ROLES, Tone.RUNNING) for suffix in (DIM_SUFFIX, BAND_SUFFIX)]
    for role in (*ROLES, *dim):
        for cursor in RowCursor:
            assert painter.style(role, cursor).color is not None
            assert cursor is RowCursor.NONE or painter.style(role, cursor).bgcolor is not None


@pytest.mark.parametrize("name", [palette.name for palette in PALETTES])
def test_the_row_under_the_cursor_can_be_read(name: str) -> None:
    painter = painter_for(name)
    for role in NEAR_TEXT:
        for cursor in RowCursor:
            style = painter.style(role, cursor)
            assert style.color is not None and style.color.triplet is not None
            background = style.bgcolor.triplet.hex if style.bgcolor and style.bgcolor.triplet else "#" + "0" * 6
            if cursor is RowCursor.NONE:
                background = THEMES[name].background or background
            assert contrast(style.color.triplet.hex, background) >= READABLE


def test_an_unknown_role_is_an_error() -> None:
    with pytest.raises(KeyError):
        painter_for("night").style("no such role")


def test_neighbours_of_one_style_become_one_segment() -> None:
    row = (Piece("a"), Piece("b"), Piece("c", "muted"), Piece("d", "tick"))
    strip = painter_for("night").paint(row, 4)
    assert [segment.text for segment in strip] == ["ab", "cd"]
    assert strip.cell_length == 4


def test_a_run_keeps_its_colour_under_the_cursor() -> None:
    painter = painter_for("night")
    assert painter.style("run-3", RowCursor.FOCUSED).color == painter.style("run-3").color
    assert painter.style("error", RowCursor.FOCUSED).color == painter.style("text", RowCursor.FOCUSED).color
