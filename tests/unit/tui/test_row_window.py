"""The part of many rows that is loaded, and when more is needed."""

from __future__ import annotations

import pytest

from qtui.artifacts.content import RowCount
from qtui.tui.widgets.artifact.row_window import MIN_WINDOW_ROWS, WINDOW_PAGES, RowWindow, window_around

HEIGHT = 10
WINDOW = RowWindow(100, range(100, 300))
MANY = RowCount(1000)


def test_a_window_gives_only_its_own_rows() -> None:
    assert [WINDOW.row(index) for index in (99, 100, 299, 300)] == [None, 100, 299, None]


@pytest.mark.parametrize(
    ("first", "last", "has_all", "is_short"),
    [
        (150, 159, True, False),
        (105, 114, True, True),
        (285, 294, True, True),
        (90, 99, False, True),
        (295, 304, False, True),
    ],
)
def test_rows_are_loaded_before_the_screen_reaches_the_end_of_the_window(
    first: int, last: int, has_all: bool, is_short: bool
) -> None:
    assert WINDOW.has_all(first, last, MANY) is has_all
    assert WINDOW.is_short_of(first, last, MANY, HEIGHT) is is_short


def test_nothing_more_is_needed_at_the_ends_of_all_rows() -> None:
    whole: RowWindow[int] = RowWindow(0, range(30))
    assert not whole.is_short_of(0, 9, RowCount(30), HEIGHT) and not whole.is_short_of(20, 29, RowCount(30), HEIGHT)
    assert whole.is_short_of(20, 29, RowCount(30, is_complete=False), HEIGHT)


def test_a_table_without_rows_is_loaded_once_that_is_certain() -> None:
    empty: RowWindow[int] = RowWindow(0, ())
    assert empty.has_all(0, 0, RowCount(0)) and not empty.has_all(0, 0, RowCount(0, is_complete=False))


def test_a_window_reaches_some_pages_beyond_the_screen_but_not_before_the_first_row() -> None:
    assert window_around(500, 509, HEIGHT) == range(500 - MIN_WINDOW_ROWS, 510 + MIN_WINDOW_ROWS)
    assert window_around(5, 104, 100) == range(105 + WINDOW_PAGES * 100)
