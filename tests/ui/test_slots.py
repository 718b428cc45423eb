"""Which columns are in sight: arithmetic of cells."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.tui.widgets.runs_table.slots import GAP, GUTTER, Row, Slot, border_at, slot_at, thumb_of

WIDTHS = st.lists(st.integers(1, 40), max_size=12)


def row(widths: list[int], pinned: int = 1) -> Row:
    return Row(widths.__getitem__, len(widths), min(pinned, len(widths)))


def test_pinned_columns_stay_and_the_others_begin_with_the_first() -> None:
    assert row([10, 5, 5, 5]).slots(first=2, cells=40) == (Slot(0, 3, 10), Slot(2, 15, 5), Slot(3, 22, 5))


def test_the_last_column_is_cut_to_what_is_left_or_left_out_when_that_says_nothing() -> None:
    assert row([10, 20]).slots(first=0, cells=25)[-1] == Slot(1, 15, 10)
    assert row([10, 9, 20]).slots(first=0, cells=30)[-1].column == 1


def test_pinned_columns_leave_room_for_others() -> None:
    assert row([80, 10]).slots(first=0, cells=50) == (Slot(0, 3, 27), Slot(1, 32, 10))


def test_a_column_out_of_sight_is_scrolled_to_by_as_little_as_possible() -> None:
    many = row([10] * 10)
    assert many.first_showing(column=3, first=1, cells=60) == 1
    assert many.first_showing(column=6, first=1, cells=60) == 4
    assert many.first_showing(column=2, first=5, cells=60) == 2
    assert many.first_showing(column=0, first=5, cells=60) == 5


@given(WIDTHS, st.integers(0, 3), st.integers(0, 12), st.integers(0, 120))
def test_columns_in_sight_follow_each_other_within_the_room(
    widths: list[int], pinned: int, first: int, cells: int
) -> None:
    seen = row(widths, pinned).slots(first, cells)

    assert all(slot.x >= GUTTER and slot.x + slot.width <= cells for slot in seen)
    assert all(after.x == before.x + before.width + GAP for before, after in pairwise(seen))
    others = [slot.column for slot in seen if slot.column >= pinned]
    assert others == list(range(max(first, pinned), max(first, pinned) + len(others)))


@given(WIDTHS.filter(bool), st.integers(0, 3), st.integers(0, 12), st.integers(20, 120), st.data())
def test_whatever_column_the_cursor_is_in_is_in_sight(
    widths: list[int], pinned: int, first: int, cells: int, data: st.DataObject
) -> None:
    columns = row(widths, pinned)
    wanted = data.draw(st.integers(columns.pinned, len(widths) - 1) if columns.pinned < len(widths) else st.just(0))
    if wanted >= columns.pinned:
        seen = columns.slots(columns.first_showing(wanted, first, cells), cells)
        assert wanted in [slot.column for slot in seen]


def test_a_cell_belongs_to_a_column_to_its_border_or_to_none() -> None:
    seen = row([10, 5]).slots(first=0, cells=40)

    assert slot_at(seen, 3) == slot_at(seen, 12) == seen[0]
    assert slot_at(seen, 0) is slot_at(seen, 13) is None
    assert border_at(seen, 13) == border_at(seen, 14) == seen[0]
    assert border_at(seen, 15) is None


@pytest.mark.parametrize(
    ("lines", "page", "top", "thumb"),
    [(5, 10, 0, range(0)), (20, 10, 0, range(5)), (20, 10, 10, range(5, 10)), (100_000, 10, 99_990, range(9, 10))],
)
def test_the_thumb_says_which_part_is_in_sight(lines: int, page: int, top: int, thumb: range) -> None:
    assert thumb_of(lines, page, top) == thumb
