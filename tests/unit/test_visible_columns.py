"""Which columns are visible: arithmetic of cells."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.tui.widgets.runs_table.viewport import scrollbar_thumb
from qtui.tui.widgets.runs_table.visible_columns import (
    GAP_CELLS,
    GUTTER_CELLS,
    ColumnStrip,
    VisibleColumn,
    border_at,
    column_at,
)

WIDTHS = st.lists(st.integers(1, 40), max_size=12)


def strip(widths: list[int], pinned: int = 1) -> ColumnStrip:
    return ColumnStrip(widths.__getitem__, len(widths), min(pinned, len(widths)))


def test_pinned_columns_stay_while_the_others_scroll() -> None:
    assert strip([10, 5, 5, 5]).visible(first=2, cells=40) == (
        VisibleColumn(0, 3, 10),
        VisibleColumn(2, 15, 5),
        VisibleColumn(3, 22, 5),
    )


def test_the_last_column_is_cut_to_the_remaining_cells_or_left_out() -> None:
    assert strip([10, 20]).visible(first=0, cells=25)[-1] == VisibleColumn(1, 15, 10)
    assert strip([10, 9, 20]).visible(first=0, cells=30)[-1].index == 1


def test_pinned_columns_leave_room_for_others() -> None:
    assert strip([80, 10]).visible(first=0, cells=50) == (VisibleColumn(0, 3, 27), VisibleColumn(1, 32, 10))


def test_scrolling_to_a_hidden_column_moves_as_little_as_possible() -> None:
    many = strip([10] * 10)
    assert many.first_showing(index=3, first=1, cells=60) == 1
    assert many.first_showing(index=6, first=1, cells=60) == 4
    assert many.first_showing(index=2, first=5, cells=60) == 2
    assert many.first_showing(index=0, first=5, cells=60) == 5


def test_no_cells_stay_unused_beside_columns_that_are_scrolled_out() -> None:
    many = strip([10] * 5)
    assert many.first_showing(index=4, first=4, cells=100) == 1
    assert many.first_showing(index=4, first=4, cells=39) == 3
    assert many.first_showing(index=0, first=4, cells=100) == 1


def test_a_hidden_table_does_not_scroll() -> None:
    assert strip([10] * 5).first_showing(index=4, first=2, cells=-1) == 2


@given(WIDTHS, st.integers(0, 3), st.integers(0, 12), st.integers(0, 120))
def test_visible_columns_are_adjacent_and_fit_the_width(widths: list[int], pinned: int, first: int, cells: int) -> None:
    visible = strip(widths, pinned).visible(first, cells)

    assert all(column.x >= GUTTER_CELLS and column.x + column.width <= cells for column in visible)
    assert all(after.x == before.x + before.width + GAP_CELLS for before, after in pairwise(visible))
    others = [column.index for column in visible if column.index >= pinned]
    assert others == list(range(max(first, pinned), max(first, pinned) + len(others)))


@given(WIDTHS.filter(bool), st.integers(0, 3), st.integers(0, 12), st.integers(20, 120), st.data())
def test_the_column_under_the_cursor_is_visible(
    widths: list[int], pinned: int, first: int, cells: int, data: st.DataObject
) -> None:
    columns = strip(widths, pinned)
    index = data.draw(
        st.integers(columns.pinned_count, len(widths) - 1) if columns.pinned_count < len(widths) else st.just(0)
    )
    if index >= columns.pinned_count:
        visible = columns.visible(columns.first_showing(index, first, cells), cells)
        assert index in [column.index for column in visible]


def test_a_cell_belongs_to_a_column_its_border_or_neither() -> None:
    visible = strip([10, 5]).visible(first=0, cells=40)

    assert column_at(visible, 3) == column_at(visible, 12) == visible[0]
    assert column_at(visible, 0) is column_at(visible, 13) is None
    assert border_at(visible, 13) == border_at(visible, 14) == visible[0]
    assert border_at(visible, 15) is None


@pytest.mark.parametrize(
    ("lines", "page", "top", "thumb"),
    [(5, 10, 0, range(0)), (20, 10, 0, range(5)), (20, 10, 10, range(5, 10)), (100_000, 10, 99_990, range(9, 10))],
)
def test_the_thumb_covers_the_visible_part(lines: int, page: int, top: int, thumb: range) -> None:
    assert scrollbar_thumb(lines, page, top) == thumb
