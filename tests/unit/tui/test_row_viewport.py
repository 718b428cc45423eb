"""The viewport of a long list: cursor, scrolling, wrapped rows."""

from __future__ import annotations

from qtui.tui.widgets.artifact.row_viewport import Place, RowViewport


def viewport_of(count: int, height: int, lines: dict[int, int] | None = None) -> RowViewport:
    viewport = RowViewport()
    viewport.height = height
    if lines is not None:
        viewport.line_count = lambda row: lines.get(row, 1)
    viewport.set_count(count)
    return viewport


def test_the_cursor_scrolls_the_rows_and_stops_at_the_ends() -> None:
    viewport = viewport_of(100, 10)
    viewport.move_cursor(-1)
    assert viewport.cursor == Place(0)
    viewport.move_cursor(10)
    assert (viewport.cursor, viewport.top) == (Place(10), Place(1))
    viewport.move_cursor(1000)
    assert (viewport.cursor, viewport.top) == (Place(99), Place(90))


def test_a_page_moves_cursor_and_rows_together() -> None:
    viewport = viewport_of(100, 10)
    viewport.move_cursor(3)
    viewport.turn_page(9)
    assert (viewport.cursor, viewport.top) == (Place(12), Place(9))


def test_scrolling_keeps_the_cursor_on_the_screen() -> None:
    viewport = viewport_of(100, 10)
    viewport.scroll(20)
    assert (viewport.top, viewport.cursor) == (Place(20), Place(20))
    viewport.scroll(-15)
    assert (viewport.top, viewport.cursor) == (Place(5), Place(14))


def test_a_distant_row_is_shown_in_the_middle() -> None:
    viewport = viewport_of(100, 10)
    viewport.go_to(Place(50), is_centred=True)
    assert viewport.top == Place(45)


def test_a_wrapped_row_is_walked_line_by_line() -> None:
    viewport = viewport_of(5, 4, {1: 3})
    assert viewport.places() == [Place(0), Place(1), Place(1, 1), Place(1, 2)]
    viewport.move_cursor(4)
    assert (viewport.cursor, viewport.top) == (Place(2), Place(1))
    viewport.move_cursor(-2)
    assert viewport.cursor == Place(1, 1)
    viewport.go_to(viewport.end)
    assert (viewport.cursor, viewport.top) == (Place(4), Place(1, 2))


def test_fewer_rows_pull_the_cursor_back() -> None:
    viewport = viewport_of(100, 10)
    viewport.move_cursor(99)
    viewport.set_count(20)
    assert (viewport.cursor, viewport.top) == (Place(19), Place(10))
    viewport.set_count(0)
    assert viewport.places() == []
