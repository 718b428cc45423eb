"""Columns are fitted to a width in one way, for commands, details and legends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qtui.column_fit import ColumnNeed, fit_columns

NEEDS = st.builds(
    lambda natural, rank: ColumnNeed(natural, natural if rank else 0, natural if rank else min(natural, 12), rank),
    st.integers(1, 60),
    st.integers(0, 3),
)


def test_columns_that_fit_have_their_natural_widths() -> None:
    assert fit_columns([ColumnNeed(5, 1, 5), ColumnNeed(9, 1, 9, 1)], 16, 2) == [5, 9]


def test_the_column_of_the_highest_rank_is_left_out_first() -> None:
    needs = [ColumnNeed(5, 5, 5), ColumnNeed(4, 4, 4, 2), ColumnNeed(4, 4, 4, 1)]
    assert fit_columns(needs, 12, 2) == [5, None, 4]


def test_the_widest_columns_are_cut_to_the_same_width() -> None:
    assert fit_columns([ColumnNeed(40, 0, 12), ColumnNeed(30, 0, 12), ColumnNeed(4, 0, 4)], 29, 2) == [11, 10, 4]


def test_a_long_column_is_cut_to_what_is_reserved_for_it_before_another_is_left_out() -> None:
    assert fit_columns([ColumnNeed(40, 0, 12), ColumnNeed(10, 10, 10, 1)], 24, 2) == [12, 10]
    assert fit_columns([ColumnNeed(40, 0, 12), ColumnNeed(10, 10, 10, 1)], 23, 2) == [23, None]


@given(st.lists(NEEDS, min_size=1, max_size=6), st.integers(0, 120))
def test_columns_that_can_be_cut_never_overflow(needs: list[ColumnNeed], cells: int) -> None:
    widths = [width for width in fit_columns(needs, cells, 2) if width is not None]
    assert sum(widths) + 2 * (len(widths) - 1) <= max(cells, 2 * (len(widths) - 1))
