"""Updates send only the changed cells, and the terminal shows the same in the end."""

from __future__ import annotations

import io
import re

import pyte
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.cells import get_character_cell_size
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from qtui.tui.terminal.cell_cache import NARROW_TEXT, CellCache
from qtui.tui.terminal.updates import minimal_update

COLUMNS, LINES = 24, 4
CONSOLE = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor")
MOVES = re.compile(r"\x1b\[(\d+);(\d+)H")
STYLES = [Style(), Style(bold=True), Style(color="red"), Style(bgcolor="#102030"), Style(reverse=True, color="#ffffff")]


def chops_update(*texts: str, spans: list[tuple[int, int, int]]) -> ChopsUpdate:
    """Return an update of one line that widgets with these texts share."""
    parts: dict[int, Strip | None] = {}
    ends, x = [], 0
    for text in texts:
        strip = Strip([Segment(text)])
        parts[x] = strip
        x += strip.cell_length
        ends.append(x)
    return ChopsUpdate([parts], spans, [ends])


def sent(update: ChopsUpdate | LayoutUpdate, cache: CellCache) -> str:
    """Return the text that is written to the terminal."""
    written: str = minimal_update(update, cache).render_segments(CONSOLE)
    return written


def written_text(written: str) -> list[tuple[int, str]]:
    """Return the written texts with their columns."""
    parts = MOVES.split(written)
    return [(int(column) - 1, text) for column, text in zip(parts[2::3], parts[3::3], strict=True)]


def changed(before: str, after: str) -> list[tuple[int, str]]:
    """Return the writes that replace one text by another."""
    cache = CellCache()
    for text in (before, after):
        written = sent(chops_update(text, spans=[(0, 0, 99)]), cache)
    return written_text(written)


def test_only_changed_cells_are_sent() -> None:
    assert changed("0123456789", "0123x56789") == [(4, "x")]
    assert changed("0123456789", "x12345678x") == [(0, "x"), (9, "x")]
    assert changed("0123456789", "0123456789") == []


def test_a_short_gap_is_sent_again() -> None:
    assert changed("0123456789", "x123x56789") == [(0, "x123x")]


@pytest.mark.parametrize(("before", "after"), [("a因子b", "a因果b"), ("a因子b", "ax子b "), ("abcdef", "a因子b")])
def test_wide_characters_are_sent_whole(before: str, after: str) -> None:
    ((column, text),) = changed(before, after)
    assert column in (1, 3)
    assert set(text) <= set(after)


def test_joined_characters_are_sent_with_their_text() -> None:
    family = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}"
    assert changed(f"x{family}", f"y{family}") == [(0, f"y{family}")]


def test_parts_without_a_strip_are_not_sent() -> None:
    update = chops_update("abcd", spans=[(0, 0, 4)])
    update.chops[0][0] = None  # type: ignore[index]
    assert sent(update, CellCache()) == ""


def test_parts_outside_the_spans_are_not_sent() -> None:
    assert written_text(sent(chops_update("abcd", "efgh", "ijkl", spans=[(0, 5, 6)]), CellCache())) == [(4, "ef")]


def test_all_cells_are_sent_after_invalidation() -> None:
    cache = CellCache()
    first = sent(chops_update("abcd", spans=[(0, 0, 4)]), cache)
    cache.invalidate()
    assert sent(chops_update("abcd", spans=[(0, 0, 4)]), cache) == first != ""


texts = st.text(st.sampled_from("ab │▅⠿因子\N{COMBINING ACUTE ACCENT}ｱ\N{GRINNING FACE}"), max_size=10)
strips = st.lists(st.builds(lambda text, style: Segment(text, style), texts, st.sampled_from(STYLES)), max_size=4).map(
    lambda segments: Strip(segments).adjust_cell_length(COLUMNS)
)
lines = st.lists(
    st.tuples(st.integers(0, LINES - 1), strips, st.integers(0, COLUMNS), st.integers(0, COLUMNS)), max_size=12
)


def screen_after(writings: list[str]) -> list[list[tuple[object, ...]]]:
    """Return the cells of a terminal with their visible styles after these writes."""
    screen = pyte.Screen(COLUMNS + 2, LINES)
    stream = pyte.Stream(screen)
    for text in writings:
        stream.feed(text)
    return [[tuple(visible(screen.buffer[y][x])) for x in range(COLUMNS)] for y in range(LINES)]


def visible(cell: pyte.screens.Char) -> pyte.screens.Char:
    """Return a cell; a plain blank has no colour."""
    is_plain = cell.data == " " and not any(cell[3:])
    return cell._replace(fg="default") if is_plain else cell


@given(lines)
def test_the_terminal_shows_the_last_of_any_updates(
    updates: list[tuple[int, Strip, int, int]],
) -> None:
    cache, ours, complete = CellCache(), [], []
    for y, strip, first, last in updates:
        cropped = strip.crop(min(first, last), max(first, last))
        assume(not cropped.text.startswith("\N{COMBINING ACUTE ACCENT}"))
        update = LayoutUpdate([[cropped]], Region(min(first, last), y, cropped.cell_length, 1))
        ours.append(sent(update, cache))
        complete.append(f"\x1b[{y + 1};{min(first, last) + 1}H" + cropped.render(CONSOLE))
    assert screen_after(ours) == screen_after(complete)


def test_a_repeated_update_sends_nothing() -> None:
    cache = CellCache()
    update = LayoutUpdate([[Strip([Segment("因子 e\N{COMBINING ACUTE ACCENT}")])]], Region(0, 0, 7, 1))
    assert sent(update, cache)
    assert sent(update, cache) == ""


def test_more_different_characters_than_the_cache_can_hold_are_sent_in_full() -> None:
    cache = CellCache()
    characters = [chr(code) for code in (*range(0x3400, 0xA000), *range(0xAC00, 0xD7A4))]
    for start in range(0, len(characters), 100):
        text = "".join(characters[start : start + 100])
        assert written_text(sent(chops_update(text, spans=[(0, 0, 200)]), cache)) == [(0, text)]


def test_narrow_characters_are_one_cell_wide_for_the_layout_too() -> None:
    narrow = [chr(code) for code in range(0x3000) if NARROW_TEXT.fullmatch(chr(code))]
    assert [char for char in narrow if get_character_cell_size(char) != 1] == []
