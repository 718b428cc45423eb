"""Cursor and scroll position of a table, without a widget."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qtui.query.ast import Field, FieldKind
from qtui.runs.arrange import arrange
from qtui.runs.column_specs import RUN_COLUMNS, curve_column, logged_column
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import TableView
from qtui.tui.widgets.runs_table.viewport import CursorPosition, Viewport, scrollbar_thumb
from tests.unit.runs.build import metric, param, run

HEIGHT = 11  # 10 lines below the titles


def view_of(count: int, *, pins: tuple[str, ...] = (), newer: int = 0) -> TableView:
    """Return a view of runs named by their age, with newer ones above."""
    runs = [run(f"r{number:02}", start_time=1_000 - number, metrics={"ic": 1.0}) for number in range(count)]
    runs += [run(f"new{number}", start_time=2_000 + number) for number in range(newer)]
    frame = RunsFrame.from_runs(runs)
    columns = (RUN_COLUMNS["name"], curve_column("ic"), logged_column(frame, metric("ic")))
    return arrange(frame, TableLayout(columns=columns, pins=pins))


def viewport_of(view: TableView) -> Viewport:
    viewport = Viewport()
    viewport.resize(HEIGHT)
    viewport.show(view)
    return viewport


def key(viewport: Viewport) -> str | None:
    return viewport.line.key if viewport.line else None


def test_an_empty_table_has_no_line_under_the_cursor() -> None:
    viewport = viewport_of(view_of(0))
    viewport.move_cursor(3)
    assert (viewport.cursor, viewport.line, viewport.position) == (0, None, None)


def test_the_cursor_stays_on_the_first_line_until_it_is_moved() -> None:
    viewport = viewport_of(view_of(5))
    viewport.show(view_of(5, newer=2))
    assert key(viewport) == "new1"
    viewport.move_cursor(3)
    viewport.show(view_of(5))
    assert key(viewport) == "r01"


def test_a_followed_run_keeps_its_height_on_the_screen() -> None:
    viewport = viewport_of(view_of(50))
    viewport.move_cursor(20)
    height = viewport.cursor - viewport.top
    viewport.show(view_of(50, newer=5))
    assert (key(viewport), viewport.cursor - viewport.top) == ("r20", height)


def grouped(view: TableView) -> TableView:
    """Return the view with its runs in groups of 5."""
    runs = [
        run(f"r{number:02}", start_time=1_000 - number, params={"block": str(number // 5)})
        for number in range(len(view.rows))
    ]
    layout = replace(view.layout, group_by=(param("block"),))
    return arrange(RunsFrame.from_runs(runs), layout)


@pytest.mark.parametrize("height_of_the_cursor", [0, 1, 9])
def test_the_group_of_the_cursor_is_visible_after_grouping(height_of_the_cursor: int) -> None:
    viewport = viewport_of(view_of(50))
    viewport.move_cursor(23)
    viewport.scroll_to(23 - height_of_the_cursor)
    viewport.show(grouped(viewport.view))
    visible = viewport.visible_lines()
    assert key(viewport) == "r23"
    assert any(line.head is not None and viewport.view.index(line.key) == viewport.cursor - 4 for line in visible)
    assert "r23" in [line.key for line in visible]


def test_without_the_cursor_the_first_visible_line_stays() -> None:
    viewport = viewport_of(view_of(50))
    viewport.move_cursor(1)
    viewport.scroll_to(30)
    viewport.show(view_of(50, newer=5))
    assert viewport.view[viewport.top].key == "r30"


def test_a_step_over_the_edge_scrolls_by_half_a_page_and_a_jump_by_as_little_as_possible() -> None:
    viewport = viewport_of(view_of(50))
    viewport.move_cursor(9)
    assert viewport.top == 0
    viewport.move_cursor(10)
    assert viewport.top == 5
    viewport.move_cursor(30)
    assert viewport.top == 21


def test_scrolling_stops_at_the_last_line() -> None:
    viewport = viewport_of(view_of(50))
    viewport.scroll_to(1_000)
    assert viewport.top == 40
    viewport.scroll_to(-3)
    assert viewport.top == 0


def test_a_page_moves_lines_and_cursor() -> None:
    viewport = viewport_of(view_of(50))
    viewport.move_cursor(2)
    viewport.turn_pages(viewport.page_lines)
    assert (viewport.cursor, viewport.top) == (12, 10)


def test_pinned_lines_do_not_scroll_and_take_at_most_a_third() -> None:
    viewport = viewport_of(view_of(50, pins=tuple(f"r{number:02}" for number in range(30, 40))))
    viewport.scroll_to(10)
    assert (viewport.frozen_count, viewport.page_lines) == (3, 7)
    assert [viewport.line_index(y) for y in (0, 1, 3, 4)] == [None, 0, 2, 13]


def test_lines_below_the_last_one_have_no_index() -> None:
    viewport = viewport_of(view_of(2))
    assert [viewport.line_index(y) for y in range(4)] == [None, 0, 1, None]
    assert [line.key for line in viewport.visible_lines()] == ["r00", "r01"]


def test_a_position_is_restored_when_its_line_is_loaded() -> None:
    viewport = viewport_of(view_of(50))
    viewport.move_cursor(20)
    position = viewport.position
    assert position == CursorPosition("r20", 20 - viewport.top)
    viewport.restore(position)
    assert (viewport.cursor, viewport.position) == (0, position)
    viewport.show(view_of(10))
    assert viewport.cursor == 0
    viewport.show(view_of(50))
    assert (key(viewport), viewport.position) == ("r20", position)


def test_the_cursor_returns_to_its_run_when_the_runs_are_loaded_again_in_batches() -> None:
    viewport = viewport_of(view_of(50))
    viewport.move_cursor(49)
    viewport.await_line()
    viewport.show(view_of(20))
    assert key(viewport) == "r19"
    viewport.show(view_of(50))
    assert key(viewport) == "r49"


def test_moving_the_cursor_cancels_a_restore() -> None:
    viewport = viewport_of(view_of(10))
    viewport.restore(CursorPosition("r20", 5))
    viewport.move_cursor(1)
    viewport.show(view_of(50))
    assert key(viewport) == "r01"


def test_the_current_column_stays_when_columns_are_added() -> None:
    view = view_of(2)
    viewport = viewport_of(view)
    viewport.go_to_field(Field(FieldKind.METRIC, "ic"))
    assert viewport.column == 2, "the column of values, not the sparkline"
    columns = (RUN_COLUMNS["user"], *view.layout.columns)
    viewport.show(replace(view, layout=replace(view.layout, columns=columns)))
    assert viewport.current_column == view.columns[2]
    viewport.go_to_column(99)
    assert viewport.column == 3
    viewport.reset_columns()
    assert viewport.column == 0


@pytest.mark.parametrize("height", [0, 1, 2, 5, 60])
def test_a_resize_keeps_the_cursor_visible(height: int) -> None:
    viewport = viewport_of(view_of(50))
    viewport.move_cursor(25)
    viewport.resize(height)
    assert height < 2 or key(viewport) in [line.key for line in viewport.visible_lines()]


def test_the_thumb_is_empty_when_all_lines_fit() -> None:
    assert viewport_of(view_of(5)).thumb == scrollbar_thumb(5, 10, 0) == range(0)
    assert viewport_of(view_of(20)).thumb == range(1, 6)  # below the titles


def test_the_first_line_is_scrolled_to_also_when_it_has_the_cursor() -> None:
    viewport = viewport_of(view_of(40))
    viewport.scroll_to(20)
    viewport.reset_cursor()
    assert (viewport.cursor, viewport.top) == (0, 0)
