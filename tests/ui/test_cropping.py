"""Updates send the terminal no more than what has changed."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from qtui.tui.cropping import CroppedUpdate

ESCAPES = re.compile(r"\x1b\[(\d+);(\d+)H")


def update(*texts: str, spans: list[tuple[int, int, int]]) -> ChopsUpdate:
    """Changes in one line that widgets with these texts share."""
    chops: dict[int, Strip | None] = {}
    ends, x = [], 0
    for text in texts:
        strip = Strip([Segment(text)])
        chops[x] = strip
        x += strip.cell_length
        ends.append(x)
    return ChopsUpdate([chops], spans, [ends])


def written(change: ChopsUpdate) -> list[tuple[int, str]]:
    """What is written from which column on."""
    console = Console(file=io.StringIO(), force_terminal=True)
    parts = ESCAPES.split(CroppedUpdate.of(change).render_segments(console))
    return [(int(column) - 1, text) for column, text in zip(parts[2::3], parts[3::3], strict=True)]


def test_only_the_cells_that_have_changed_are_written() -> None:
    assert written(update("0123456789", spans=[(0, 4, 6)])) == [(4, "45")]
    assert written(update("0123456789", spans=[(0, 1, 2), (0, 8, 10)])) == [(1, "1"), (8, "89")]


def test_a_change_across_widgets_is_written_in_each() -> None:
    assert written(update("abcd", "efgh", "ijkl", spans=[(0, 2, 9)])) == [(2, "cd"), (4, "efgh"), (8, "i")]


@pytest.mark.parametrize("first", [1, 2, 3])
def test_a_wide_character_is_never_cut_in_half(first: int) -> None:
    assert written(update("a因子b", spans=[(0, first, 6)])) == [(0, "a因子b")]


def test_what_no_widget_has_drawn_is_left_alone() -> None:
    change = update("abcd", spans=[(0, 0, 4)])
    change.chops[0][0] = None  # type: ignore[index]
    assert written(change) == []
