"""The runs table: rendering, cursor, keys, mouse and messages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset, Region
from textual.pilot import Pilot

from qtui.entities import PARENT_RUN_TAG, Run
from qtui.query import parse_filter, parse_order
from qtui.query.ast import Field, FieldKind, OrderBy
from qtui.runs.arrange import arrange
from qtui.runs.column_specs import RUN_COLUMNS, curve_column, logged_column
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import TableView
from qtui.text import width
from qtui.tui import themes
from qtui.tui.widgets.runs_table import RunsTable
from tests.ui.runs_table import TableApp
from tests.unit.runs.build import attribute, metric, param, run
from tests.unit.runs.test_cells import HOSTILE

NOW = 1_700_000_000_000
BASIC = (RUN_COLUMNS["name"], RUN_COLUMNS["status"], RUN_COLUMNS["age"])


def many_runs(count: int) -> list[Run]:
    return [
        run(f"run{number:03}", start_time=NOW - number * 60_000, metrics={"ic": number / 7}, params={"lr": str(number)})
        for number in range(count)
    ]


def view_of(runs: Sequence[Run], layout: TableLayout | None = None, where: str = "", **more: Any) -> TableView:
    frame = RunsFrame.from_runs(runs)
    layout = layout or TableLayout(
        columns=(*BASIC, logged_column(frame, metric("ic")), logged_column(frame, param("lr")))
    )
    return arrange(frame, layout, parse_filter(where, now=NOW), now=NOW, **more)


@asynccontextmanager
async def open_table(
    view: TableView, size: tuple[int, int] = (80, 12), theme: str = "night"
) -> AsyncIterator[Pilot[None]]:
    async with TableApp(view, theme).run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot


def table(pilot: Pilot[None]) -> RunsTable:
    return pilot.app.query_one(RunsTable)


def lines(pilot: Pilot[None]) -> list[str]:
    return [strip.text.rstrip(" ▐") for strip in pilot.app.screen._compositor.render_strips()]


def posted(pilot: Pilot[None], kind: type[Any]) -> list[Any]:
    assert isinstance(pilot.app, TableApp)
    return [message for message in pilot.app.posted if isinstance(message, kind)]


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


async def test_runs_are_shown_in_columns_below_titles() -> None:
    async with open_table(view_of(many_runs(2))) as pilot:
        assert lines(pilot)[:3] == [
            "   name          status       age       ic    lr",
            " ▌ run000        ✓ done  just now        0     0",
            " ▌ run001        ✓ done    1m ago  0.14286     1",
        ]


async def test_moving_down_highlights_the_next_run() -> None:
    async with open_table(view_of(many_runs(5))) as pilot:
        await press(pilot, "j", "down")

        assert table(pilot).cursor == 2
        assert [message.run_id for message in posted(pilot, RunsTable.RunHighlighted)] == ["run000", "run001", "run002"]


async def test_the_cursor_stops_at_both_ends() -> None:
    async with open_table(view_of(many_runs(3))) as pilot:
        await press(pilot, "k")
        assert table(pilot).cursor == 0
        await press(pilot, "G", "j")
        assert table(pilot).cursor == 2
        await press(pilot, "g")
        assert table(pilot).cursor == 0


async def test_a_step_over_the_edge_scrolls_by_half_a_page() -> None:
    async with open_table(view_of(many_runs(100))) as pilot:
        await press(pilot, *["j"] * 11)

        assert table(pilot).cursor == 11
        assert table(pilot).viewport.top == 6
        assert lines(pilot)[1].split()[1] == "run006"


async def test_paging_keeps_the_cursor_at_its_screen_line() -> None:
    async with open_table(view_of(many_runs(100))) as pilot:
        await press(pilot, "j", "pagedown", "ctrl+d")
        assert (table(pilot).cursor, table(pilot).viewport.top) == (17, 16)
        await press(pilot, "pageup", "ctrl+u", "ctrl+u")
        assert (table(pilot).cursor, table(pilot).viewport.top) == (0, 0)


async def test_the_last_page_has_no_blank_lines() -> None:
    async with open_table(view_of(many_runs(100))) as pilot:
        await press(pilot, "G")

        assert lines(pilot)[-1].split()[1] == "run099"


async def test_the_cursor_stays_on_its_run_when_the_runs_are_sorted_filtered_and_grow() -> None:
    view = view_of(many_runs(50))
    async with open_table(view) as pilot:
        await press(pilot, *["j"] * 5)
        for changed in (
            arrange(view.frame, replace(view.layout, order_by=(parse_order("metrics.ic DESC"),)), now=NOW),
            arrange(view.frame, view.layout, parse_filter("metrics.ic < 3"), now=NOW),
            arrange(view.frame.with_runs([run("new", start_time=NOW + 1)]), view.layout, now=NOW),
            arrange(view.frame.without(["run000", "run001"]), view.layout, now=NOW),
        ):
            table(pilot).view = changed
            await pilot.pause()
            line = table(pilot).line
            assert line is not None and line.key == "run005"
        assert [message.run_id for message in posted(pilot, RunsTable.RunHighlighted)][-1] == "run005"


async def test_the_run_under_the_cursor_keeps_its_screen_line_when_runs_are_inserted_above() -> None:
    view = view_of(many_runs(50))
    async with open_table(view) as pilot:
        await press(pilot, *["j"] * 20)
        before = table(pilot).cursor - table(pilot).viewport.top
        newer = [run(f"new{number}", start_time=NOW + number) for number in range(7)]
        table(pilot).view = arrange(view.frame.with_runs(newer), view.layout, now=NOW)
        await pilot.pause()

        assert table(pilot).cursor == 27
        assert table(pilot).cursor - table(pilot).viewport.top == before


async def test_the_scroll_position_stays_when_new_runs_are_inserted_above() -> None:
    view = view_of(many_runs(100))
    async with open_table(view) as pilot:
        await press(pilot, "j")
        table(pilot).scroll_lines(40)
        await pilot.pause()
        before = lines(pilot)[1:]
        newer = [run(f"new{number}", start_time=NOW + number) for number in range(7)]
        table(pilot).view = arrange(view.frame.with_runs(newer), view.layout, now=NOW)
        await pilot.pause()

        assert lines(pilot)[1:] == before
        assert table(pilot).cursor == 8


async def test_a_view_set_before_mount_is_shown() -> None:
    class Early(TableApp):
        def compose(self) -> ComposeResult:
            early = RunsTable()
            early.view = self._view
            yield early

        def on_mount(self) -> None:
            self.table.focus()

    async with Early(view_of(many_runs(2))).run_test(size=(80, 5)) as pilot:
        await pilot.pause()
        assert "run000" in lines(pilot)[1]
        assert [message.run_id for message in posted(pilot, RunsTable.RunHighlighted)] == ["run000"]


async def test_the_cursor_stays_on_the_first_line_while_runs_are_loading() -> None:
    frame = RunsFrame.from_runs(many_runs(5))
    layout = TableLayout(columns=BASIC)
    async with open_table(arrange(frame, layout, now=NOW)) as pilot:
        table(pilot).view = arrange(frame.with_runs([run("newest", start_time=NOW + 1)]), layout, now=NOW)
        await pilot.pause()
        assert table(pilot).cursor == 0

        await press(pilot, "j", "g")
        table(pilot).view = arrange(frame.with_runs([run("newest", start_time=NOW + 1)]), layout, now=NOW)
        await pilot.pause()
        assert table(pilot).cursor == 0


async def test_the_cursor_moves_to_the_next_run_when_its_run_is_removed() -> None:
    view = view_of(many_runs(5))
    async with open_table(view) as pilot:
        await press(pilot, "j", "j")
        table(pilot).view = arrange(view.frame.without(["run002"]), view.layout, now=NOW)
        await pilot.pause()

        assert posted(pilot, RunsTable.RunHighlighted)[-1].run_id == "run003"


async def test_no_runs_at_all_highlight_none() -> None:
    view = view_of(many_runs(2))
    async with open_table(view) as pilot:
        table(pilot).view = view_of([])
        await press(pilot, "j", "k", "G", "space", "enter", "l", "minus", "underscore", "ctrl+a", "pagedown")

        assert posted(pilot, RunsTable.RunHighlighted)[-1].run_id is None
        assert table(pilot).line is None


async def test_space_marks_moves_down_and_unmarks() -> None:
    async with open_table(view_of(many_runs(3))) as pilot:
        await press(pilot, "j", "space")
        assert lines(pilot)[2].startswith("◆▌ run001")
        assert posted(pilot, RunsTable.RunHighlighted)[-1].run_id == "run002"
        await press(pilot, "k", "space")

        assert [message.marks for message in posted(pilot, RunsTable.MarksChanged)] == [{"run001"}, frozenset()]


async def test_shift_and_arrows_mark_a_range() -> None:
    async with open_table(view_of(many_runs(9))) as pilot:
        await press(pilot, "j", "shift+down", "shift+down", "j", "j", "shift+up")

        assert table(pilot).marks == {"run001", "run002", "run003", "run004", "run005"}
        assert table(pilot).cursor == 4


async def test_all_matching_runs_and_no_others_are_marked_at_once() -> None:
    async with open_table(view_of(many_runs(9), where="metrics.ic > 1")) as pilot:
        await press(pilot, "ctrl+a")
        assert table(pilot).marks == {"run008"}
        await press(pilot, "ctrl+a")
        assert table(pilot).marks == frozenset()


async def test_enter_opens_the_run_under_the_cursor() -> None:
    async with open_table(view_of(many_runs(3))) as pilot:
        await press(pilot, "j", "enter")

        assert [message.run_id for message in posted(pilot, RunsTable.RunOpened)] == ["run001"]


def tree() -> TableView:
    runs = [run("sweep", start_time=NOW), run("leaf", tags={PARENT_RUN_TAG: "sweep"}), run("other")]
    return view_of(runs, TableLayout(columns=BASIC))


async def test_children_are_nested_below_their_parents_and_a_key_folds_them() -> None:
    async with open_table(tree()) as pilot:
        assert [line.split("  ✓")[0].rstrip() for line in lines(pilot)[1:4]] == [
            " ▌ ▾ sweep",
            " ▌     leaf",
            " ▌   other",
        ]
        await press(pilot, "minus", "j", "minus", "underscore")

        requests = [(message.keys, message.hide) for message in posted(pilot, RunsTable.FoldRequested)]
        assert requests == [({"sweep"}, True), ({"sweep"}, True)]
        assert table(pilot).cursor == 0


async def test_enter_and_the_folding_key_open_a_closed_group() -> None:
    layout = TableLayout(columns=BASIC, group_by=(param("lr"),))
    key = view_of(many_runs(1), layout)[0].key
    async with open_table(view_of(many_runs(1), replace(layout, folded=frozenset({key})))) as pilot:
        assert lines(pilot)[1] == "   ▸ lr 0 (1)"
        await press(pilot, "enter", "minus", "underscore", "space")

        assert [message.hide for message in posted(pilot, RunsTable.FoldRequested)] == [False] * 3
        assert table(pilot).marks == {"run000"}
        assert posted(pilot, RunsTable.RunOpened) == []


async def test_columns_scroll_past_the_name_which_stays() -> None:
    frame = RunsFrame.from_runs([run("a", metrics={f"m{number}": number + 0.5 for number in range(30)})])
    columns = (RUN_COLUMNS["name"], *(logged_column(frame, metric(f"m{number}")) for number in range(30)))
    async with open_table(arrange(frame, TableLayout(columns=columns), now=NOW), size=(50, 5)) as pilot:
        await press(pilot, *["l"] * 6)
        assert lines(pilot)[0].split() == ["‹", "name", "m2", "m3", "m4", "m5", "›"]
        column = table(pilot).current_column
        assert column is not None and column.field.key == "m5" and table(pilot).viewport.at_metric
        await press(pilot, *["h"] * 20)
        assert lines(pilot)[0].split()[:2] == ["name", "m0"]
        assert lines(pilot)[0].endswith("›")
        assert table(pilot).current_column == RUN_COLUMNS["name"] and not table(pilot).viewport.at_metric


async def test_the_column_cursor_stays_on_its_column_when_others_are_added() -> None:
    view = view_of(many_runs(2))
    async with open_table(view) as pilot:
        await press(pilot, "l", "l")
        columns = (RUN_COLUMNS["user"], RUN_COLUMNS["id"], *view.layout.columns)
        table(pilot).view = replace(view, layout=replace(view.layout, columns=columns))
        await pilot.pause()

        assert table(pilot).current_column == RUN_COLUMNS["age"]


async def test_titles_say_how_the_runs_are_sorted() -> None:
    order = (OrderBy(metric("ic"), ascending=False), OrderBy(attribute("start_time")))
    view = view_of(many_runs(2))
    async with open_table(arrange(view.frame, replace(view.layout, order_by=order[:1]), now=NOW)) as pilot:
        assert "ic ▼ " in lines(pilot)[0]
        table(pilot).view = arrange(view.frame, replace(view.layout, order_by=order), now=NOW)
        await pilot.pause()
        assert "ic ▼1 " in lines(pilot)[0] and "age ▲2 " in lines(pilot)[0]


async def test_pinned_runs_stay_above_while_the_others_scroll() -> None:
    layout = TableLayout(columns=BASIC, pins=("run090", "run091"))
    async with open_table(view_of(many_runs(100), layout)) as pilot:
        await press(pilot, "G")

        names = [line.split()[1] for line in lines(pilot)[1:]]
        assert [line[0] for line in lines(pilot)[1:4]] == ["*", "*", " "]
        assert (names[:3], names[-1]) == (["run090", "run091", "run089"], "run099")


async def test_pinned_runs_never_fill_the_table() -> None:
    layout = TableLayout(columns=BASIC, pins=tuple(f"run{number:03}" for number in range(50)))
    async with open_table(view_of(many_runs(100), layout)) as pilot:
        assert table(pilot).viewport.frozen_count == 3
        await press(pilot, *["j"] * 60)
        assert table(pilot).cursor == 60


async def test_the_best_value_stands_out_also_without_colour() -> None:
    async with open_table(view_of(many_runs(3)), theme="terminal") as pilot:
        await press(pilot, "j")
        strips = pilot.app.screen._compositor.render_strips()
        best = [segment for segment in strips[3] if segment.text == "0.28571"]

        assert best[0].style is not None and best[0].style.bold and best[0].style.underline


async def test_a_run_has_one_colour_in_every_table() -> None:
    colours = set()
    for size in ((80, 12), (60, 20)):
        async with open_table(view_of(many_runs(3)), size=size) as pilot:
            segments = list(pilot.app.screen._compositor.render_strips()[2])
            colours.add(next(segment.style.color for segment in segments if segment.style and segment.text == "▌"))
    assert len(colours) == 1


async def test_a_curve_is_drawn_in_its_column() -> None:
    layout = TableLayout(columns=(RUN_COLUMNS["name"], curve_column("ic")))
    view = view_of(many_runs(1), layout, curves={"ic": {"run000": [0.0, 1.0, 2.0, 3.0]}})
    async with open_table(view) as pilot:
        assert "▁▃▆█" in lines(pilot)[1]


async def test_a_click_goes_to_the_line_and_its_column() -> None:
    async with open_table(view_of(many_runs(5))) as pilot:
        await pilot.click(RunsTable, offset=Offset(20, 3))
        await pilot.pause()

        assert (table(pilot).cursor, table(pilot).column) == (2, 1)


async def test_a_double_click_opens_the_run() -> None:
    async with open_table(view_of(many_runs(5))) as pilot:
        await pilot.double_click(RunsTable, offset=Offset(20, 3))
        await pilot.pause()

        assert [message.run_id for message in posted(pilot, RunsTable.RunOpened)] == ["run002"]


async def test_a_click_with_shift_marks_a_range_and_with_control_or_in_the_gutter_one_run() -> None:
    async with open_table(view_of(many_runs(9))) as pilot:
        await pilot.click(RunsTable, offset=Offset(20, 3), shift=True)
        await pilot.click(RunsTable, offset=Offset(20, 6), control=True)
        await pilot.click(RunsTable, offset=Offset(0, 8))
        await pilot.click(RunsTable, offset=Offset(0, 1))
        await pilot.pause()

        assert table(pilot).marks == {"run001", "run002", "run005", "run007"}


async def test_a_click_on_the_sign_of_a_parent_folds_it() -> None:
    async with open_table(tree()) as pilot:
        await pilot.click(RunsTable, offset=Offset(3, 1))
        await pilot.pause()

        assert [message.keys for message in posted(pilot, RunsTable.FoldRequested)] == [{"sweep"}]


async def test_a_click_on_a_title_asks_to_sort_by_it() -> None:
    async with open_table(view_of(many_runs(3))) as pilot:
        await pilot.click(RunsTable, offset=Offset(38, 0))
        await pilot.click(RunsTable, offset=Offset(30, 0), shift=True)
        await pilot.pause()

        requests = [(message.field, message.add) for message in posted(pilot, RunsTable.SortRequested)]
        assert requests == [(Field(FieldKind.METRIC, "ic"), False), (Field(FieldKind.ATTRIBUTE, "start_time"), True)]


async def test_a_border_is_dragged_to_resize_its_column() -> None:
    async with open_table(view_of(many_runs(3))) as pilot:
        await pilot.mouse_down(RunsTable, offset=Offset(15, 0))
        await pilot.hover(RunsTable, offset=Offset(21, 0))
        await pilot.mouse_up(RunsTable, offset=Offset(21, 0))
        await pilot.pause()

        assert [(message.column.title, message.column.width) for message in posted(pilot, RunsTable.ColumnResized)] == [
            ("name", 18)
        ]
        assert posted(pilot, RunsTable.SortRequested) == []
        assert lines(pilot)[0].index("status") == 23


def turned(direction: type[events.MouseEvent], *, shift: bool = False) -> events.MouseEvent:
    return direction(None, 5, 5, 0, 0, 0, shift, False, False)


async def test_the_wheel_scrolls_without_the_cursor() -> None:
    async with open_table(view_of(many_runs(100))) as pilot:
        for _ in range(3):
            table(pilot).post_message(turned(events.MouseScrollDown))
        table(pilot).post_message(turned(events.MouseScrollUp))
        table(pilot).post_message(turned(events.MouseScrollDown, shift=True))
        await pilot.pause()

        assert (table(pilot).cursor, table(pilot).column) == (0, 1)
        assert lines(pilot)[1].split()[1] == "run006"


async def test_the_scroll_bar_is_dragged() -> None:
    async with open_table(view_of(many_runs(100))) as pilot:
        await pilot.mouse_down(RunsTable, offset=Offset(79, 11))
        await pilot.mouse_up(RunsTable, offset=Offset(79, 11))
        await pilot.pause()

        assert lines(pilot)[-1].split()[1] == "run099"


async def test_the_visible_runs_are_posted_when_they_change() -> None:
    async with open_table(view_of(many_runs(100)), size=(60, 5)) as pilot:
        await press(pilot, "j", "G")

        visible_ids = [message.run_ids for message in posted(pilot, RunsTable.VisibleRowsChanged)]
        assert visible_ids == [("run000", "run001", "run002", "run003"), ("run096", "run097", "run098", "run099")]


async def test_the_pulse_timer_runs_only_while_a_visible_run_is_running() -> None:
    running = [*many_runs(20), run("running", status="RUNNING")]
    async with open_table(view_of(many_runs(3))) as pilot:
        assert not table(pilot)._pulse_timer._active.is_set()
        table(pilot).view = view_of(running)
        await pilot.pause()
        assert not table(pilot)._pulse_timer._active.is_set()
        await press(pilot, "G")
        assert table(pilot)._pulse_timer._active.is_set()


async def test_the_title_of_the_sorted_column_is_whole() -> None:
    runs = [run("a", metrics={"Rank ICIR": 0.25}), run("b", metrics={"Rank ICIR": 0.5})]
    frame = RunsFrame.from_runs(runs)
    column = logged_column(frame, metric("Rank ICIR"))
    for order_by in (
        (parse_order("metrics.`Rank ICIR` DESC"),),
        (parse_order("name"), parse_order("metrics.`Rank ICIR` DESC")),
    ):
        layout = TableLayout(columns=(*BASIC, column), order_by=order_by)
        async with open_table(arrange(frame, layout, now=NOW)) as pilot:
            assert "Rank ICIR ▼" in lines(pilot)[0]


async def test_a_later_time_repaints_the_lines_whose_age_changes_alone() -> None:
    runs = [run("new", start_time=NOW - 30_000), run("old", start_time=NOW - 5 * 3_600_000)]
    view = view_of(runs, TableLayout(columns=BASIC))
    async with open_table(view) as pilot:
        regions = repainted(pilot)
        later = replace(view, now=NOW + 60_000)
        assert not table(pilot).has_same_times(later)
        table(pilot).view = later
        assert [region.y for region in regions] == [1]
        assert table(pilot).has_same_times(replace(view, now=NOW + 61_000))


async def test_times_are_compared_after_columns_are_removed_from_a_hidden_table() -> None:
    runs = [run("new", start_time=NOW - 30_000)]
    async with open_table(view_of(runs, TableLayout(columns=BASIC))) as pilot:
        table(pilot).display = False
        await pilot.pause()
        table(pilot).view = view_of(runs, TableLayout(columns=BASIC[:1]))
        assert table(pilot).has_same_times(table(pilot).view)


async def test_a_pulse_repaints_only_the_line_of_the_running_run() -> None:
    async with open_table(view_of([run("a", status="RUNNING", start_time=NOW), *many_runs(4)])) as pilot:
        await press(pilot, "j")
        regions = repainted(pilot)
        table(pilot)._pulse()

        assert [(region.y, region.height) for region in regions] == [(1, 1)]


async def test_a_step_repaints_two_lines() -> None:
    async with open_table(view_of(many_runs(50))) as pilot:
        regions = repainted(pilot)
        await press(pilot, "j")

        assert [line for region in regions for line in region.line_range] == [1, 2]


def repainted(pilot: Pilot[None]) -> list[Region]:
    """Collect the regions that the table refreshes from now on."""
    regions: list[Region] = []
    table(pilot).refresh = lambda *changed, **_: regions.extend(changed)
    return regions


@pytest.mark.parametrize("size", [(20, 5), (9, 3), (4, 2), (1, 1), (200, 1), (2, 60)])
async def test_no_terminal_is_too_small(size: tuple[int, int]) -> None:
    async with open_table(view_of(many_runs(30), TableLayout(columns=BASIC, pins=("run003",))), size=size) as pilot:
        await press(pilot, "j", "l", "l", "G", "space", "pageup", "h")
        assert all(len(line) <= size[0] for line in lines(pilot))


async def test_resizing_keeps_the_cursor_visible() -> None:
    async with open_table(view_of(many_runs(100)), size=(100, 40)) as pilot:
        await press(pilot, *["j"] * 30)
        for size in ((30, 6), (120, 50), (20, 5)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert any("run030" in line for line in lines(pilot))


@pytest.mark.parametrize("theme", [*themes.THEMES])
async def test_every_theme_draws_the_table(theme: str) -> None:
    async with open_table(view_of(many_runs(3)), theme=theme) as pilot:
        assert "run000" in lines(pilot)[1]


async def test_a_change_of_theme_changes_the_colours() -> None:
    async with open_table(view_of(many_runs(3))) as pilot:
        before = pilot.app.screen._compositor.render_strips()[2]
        pilot.app.theme = "day"
        await pilot.pause()
        assert before != pilot.app.screen._compositor.render_strips()[2]


@pytest.mark.parametrize("text", [*HOSTILE, "[/]", "a[/foo]b", "[@click=app.bell]free[/]", ":smile:"])
async def test_hostile_text_reaches_no_cell_and_no_title(text: str) -> None:
    hostile = replace(run("h", params={text: text}, tags={PARENT_RUN_TAG: text}, user=text), info=run("x").info)
    info = replace(hostile.info, run_id=text, name=text, status=text, user=text, experiment_id=text)
    frame = RunsFrame.from_runs([replace(hostile, info=info), run("b", params={text: text})])
    columns = (*RUN_COLUMNS.values(), logged_column(frame, param(text)))
    view = arrange(frame, TableLayout(columns=columns, group_by=(param(text),)), now=NOW, experiments={text: text})
    for table_view in (view, arrange(frame, TableLayout(columns=columns), now=NOW, experiments={text: text})):
        async with open_table(table_view, size=(300, 10)) as pilot:
            assert all(line.isprintable() for line in lines(pilot))
            await press(pilot, "j", "space", "l", "G")
            assert all(line.isprintable() for line in lines(pilot))


def test_the_first_paint_of_runs_without_values_imports_nothing_heavy() -> None:
    code = """if True:
        import asyncio, sys
        from qtui.runs.arrange import arrange
        from qtui.runs.runs_frame import RunsFrame
        from qtui.runs.table_layout import TableLayout
        from qtui.runs.default_columns import default_columns
        from tests.ui.runs_table import TableApp
        from tests.unit.runs.build import info_of

        async def paint():
            frame = RunsFrame().with_infos([info_of("a"), info_of("b")])
            async with TableApp(arrange(frame, TableLayout(columns=default_columns(frame)))).run_test() as pilot:
                await pilot.press("j")
                await pilot.pause()

        asyncio.run(paint())
        sys.exit(", ".join({"numpy", "pandas", "mlflow", "plotext"} & sys.modules.keys()))
    """
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).stderr.strip() == b""


async def test_wide_characters_are_aligned() -> None:
    runs = [run("a", name="实验-动量"), run("b", name="emoji 👍🏽 é"), run("c", name="plain")]
    async with open_table(view_of(runs, TableLayout(columns=BASIC))) as pilot:
        places = {width(line[: line.index("✓")]) for line in lines(pilot)[1:4]}
        assert len(places) == 1
