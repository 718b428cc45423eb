"""The pane of details."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from textual.message import Message
from textual.screen import Screen

from qtui.entities import PARENT_RUN_TAG, Artifact, Point, Run, RunInfo, Summary
from qtui.tui.messages import CopyText, GoToRun, OpenChart, ShowValue
from qtui.tui.present.details.detail_rows import DetailRow, text_row
from qtui.tui.present.details.details_tabs import DETAILS_TABS, DetailsTab, MetricTarget
from qtui.tui.present.details.run_view import RunView
from qtui.tui.widgets.details import DetailsPane
from qtui.tui.widgets.details import pane as details
from qtui.tui.widgets.row_list import FocusableList
from tests.ui.browsing import wait_until
from tests.ui.hosts import NOW, collect_into, host, text_of

INFO = RunInfo("0123abcd", "7", "gentle-wolf", "FINISHED", start_time=NOW - 90_000, end_time=NOW - 30_000, user="li")
RUN = Run(
    INFO,
    params={"lr": "0.1", "model": "LGB\nwith two lines"},
    metrics={"ic": Point(9, NOW, 0.05), "system/cpu": Point(1, NOW, 0.5)},
    tags={PARENT_RUN_TAG: "ffff", "mlflow.note.content": "# Heading\n\nsome **bold** words", "team": "alpha"},
)
MEASURES = ("annualized_return", "information_ratio", "max_drawdown")
VIEW = RunView(RUN, summaries={"ic": Summary(0.0, 0.05, -0.1, 0.06, 10, 1)}, sparklines={"ic": "▁▃█"})


def pane_of() -> DetailsPane:
    return DetailsPane(lambda: NOW, timedelta(hours=1))


async def text_after(
    *keys: str, view: RunView | None = VIEW, size: tuple[int, int] = (60, 24), messages: list[Message] | None = None
) -> str:
    """Return the text of the screen after these keys."""
    pane = pane_of()
    app = host(pane)
    async with app.run_test(size=size, message_hook=collect_into(messages)) as pilot:
        pane.view = view
        await pilot.pause()
        pane.focus_inside()
        await pilot.press(*keys)
        await pilot.pause()
        return text_of(app)


async def test_the_overview_comes_first_with_the_note_below() -> None:
    text = await text_after()
    for part in ("gentle-wolf", "✓ done", "1m 00s", "0123abcd", "Heading", "some bold words"):
        assert part in text


async def test_another_run_with_as_many_rows_needs_no_layout() -> None:
    pane, layouts = pane_of(), list[Screen[object]]()
    async with host(pane).run_test() as pilot:
        pane.view = VIEW
        await pilot.pause()
        pilot.app.screen.screen_layout_refresh_signal.subscribe(pane, layouts.append)
        pane.view = replace(VIEW, run=replace(RUN, info=replace(INFO, run_id="other", name="calm-wolf")))
        await pilot.pause()
        assert "calm-wolf" in text_of(pilot.app)
        assert not layouts


async def test_a_tall_pane_shows_metrics_and_params_below_the_overview() -> None:
    assert " metrics 1\n" not in await text_after(size=(80, 30))
    text = await text_after(size=(80, 60))
    assert text.index("run id") < text.index(" metrics 1\n") < text.index(" params 2\n")


async def test_the_cursor_skips_the_headings_of_results_and_shows_them() -> None:
    key = "1day.excess_return_with_cost.max_drawdown"
    view = RunView(replace(RUN, metrics={key: Point(0, NOW, -0.1)}))
    pane = pane_of()
    async with host(pane).run_test(size=(80, 8)) as pilot:
        pane.view = view
        await pilot.pause()
        pane.focus_inside()
        rows = pane.query_one(FocusableList)
        assert [row.role for row in rows.rows[:2]] == ["heading", "text"]
        assert rows.cursor == 1
        await pilot.press("G", "g", "k")
        assert (rows.cursor, rows.scroll_offset.y) == (1, 0)


async def test_a_heading_below_the_overview_opens_its_tab() -> None:
    assert "gentle-wolf" in await text_after("G", "k", "k", size=(80, 60))
    assert "run id" not in await text_after("G", "k", "k", "enter", size=(80, 60))


async def test_a_metric_below_the_overview_opens_as_a_chart() -> None:
    messages: list[Message] = []
    await text_after("slash", *"ic", "enter", "G", "enter", size=(80, 60), messages=messages)
    assert [message.spec.metrics for message in messages if isinstance(message, OpenChart)] == [("ic",)]


async def test_brackets_go_through_the_tabs_and_around() -> None:
    assert "LGB⏎with two lines" in await text_after("right_square_bracket")
    metrics = await text_after("right_square_bracket", "right_square_bracket")
    assert "▁▃█" in metrics and "best" in metrics
    assert "alpha" in await text_after(*["right_square_bracket"] * 4)
    assert "Reading the artifacts" in await text_after("left_square_bracket")


async def test_without_a_run_the_pane_says_how_to_choose_one() -> None:
    assert "Move to a run" in await text_after(view=None)


async def test_a_run_that_cannot_be_read_says_why() -> None:
    failed = RunView(Run(INFO), failure="The folder of the run is gone.")
    assert "The folder of the run is gone." in await text_after("right_square_bracket", view=failed)


async def test_a_search_shows_only_the_matching_rows() -> None:
    text = await text_after("right_square_bracket", "slash", "l", "g", "b", "enter")
    assert "model" in text and "0.1" not in text
    assert "Nothing matches" in await text_after("right_square_bracket", "slash", "q", "q", "enter")


async def test_copying_gives_the_full_value_and_not_the_cell() -> None:
    messages: list[Message] = []
    await text_after("right_square_bracket", "j", "Y", "y", messages=messages)
    assert [message.text for message in messages if isinstance(message, CopyText)] == [
        "LGB\nwith two lines",
        "0123abcd",
    ]


async def test_enter_opens_a_value_in_full_and_a_parent_as_a_run() -> None:
    messages: list[Message] = []
    await text_after("right_square_bracket", "enter", messages=messages)
    assert [(message.key, message.value) for message in messages if isinstance(message, ShowValue)] == [("lr", "0.1")]
    messages.clear()
    await text_after("G", "enter", messages=messages)
    assert [message.run_id for message in messages if isinstance(message, GoToRun)] == ["ffff"]


async def test_opening_the_artifacts_tab_requests_them() -> None:
    messages: list[Message] = []
    await text_after("left_square_bracket", messages=messages)
    assert [message.path for message in messages if isinstance(message, DetailsPane.LoadArtifacts)] == [""]


async def test_a_folder_of_artifacts_opens_and_closes() -> None:
    from dataclasses import replace

    messages: list[Message] = []
    levels = {"": (Artifact("model", True), Artifact("pred.pkl", False, 2048))}
    text = await text_after("left_square_bracket", "enter", view=replace(VIEW, levels=levels), messages=messages)
    assert "▸ model/" in text and "2.0 kB" in text
    assert [message.path for message in messages if isinstance(message, DetailsPane.LoadArtifacts)] == ["model"]
    levels["model"] = (Artifact("model/a.txt", False, 1),)
    assert "a.txt" in await text_after("left_square_bracket", view=replace(VIEW, levels=levels))
    assert "a.txt" not in await text_after("left_square_bracket", "enter", view=replace(VIEW, levels=levels))


async def test_a_search_loads_closed_folders_of_artifacts_once() -> None:
    messages: list[Message] = []
    view = replace(VIEW, levels={"": (Artifact("sig", True),)})
    await text_after("left_square_bracket", "slash", "i", "c", view=view, messages=messages)
    requests = [message for message in messages if isinstance(message, DetailsPane.LoadArtifacts)]
    assert [(message.path, message.recursive) for message in requests] == [("", True)]


async def test_the_pane_works_at_every_size() -> None:
    for size in ((20, 5), (8, 3), (200, 50)):
        await text_after("right_square_bracket", "right_square_bracket", size=size)


async def test_names_of_tabs_are_shortened_to_fit_except_the_current_one() -> None:
    assert "overview  params 2  metrics 2  charts  tags 2  artifacts" in await text_after()
    narrow = await text_after("right_square_bracket", size=(42, 24))
    assert "overvi params metric charts tags artifa" in narrow
    assert "overview" in await text_after(size=(42, 24))


async def test_ages_and_durations_update_without_a_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(details, "TICK_S", 0.01)
    now = [NOW]
    pane = DetailsPane(lambda: now[0], timedelta(hours=1))
    app = host(pane)
    async with app.run_test(size=(60, 24)) as pilot:
        pane.view = RunView(Run(RunInfo("a", "1", "live", "RUNNING", start_time=NOW - 48 * 60_000)))
        await pilot.pause()
        assert "48m ago" in text_of(app) and "48m 00s" in text_of(app)
        now[0] = NOW + 65_000
        await wait_until(pilot, lambda: "49m ago" in text_of(app) and "49m 05s" in text_of(app))


async def test_the_details_of_a_qlib_run_begin_with_its_results() -> None:
    keys = [f"1day.excess_return_{cost}_cost.{key}" for cost in ("without", "with") for key in MEASURES]
    metrics = {key: Point(0, NOW, 0.125 + index) for index, key in enumerate([*keys, "Rank IC", "Rank ICIR", "ICIR"])}
    lines = (await text_after(view=RunView(Run(INFO, metrics=metrics)))).splitlines()
    start = next(index for index, line in enumerate(lines) if "1day" in line)
    assert [line.split() for line in lines[start : start + 6]] == [
        ["1day", "with", "cost", "without", "cost"],
        ["ann.", "return", "3.125", "0.125"],
        ["IR", "4.125", "1.125"],
        ["max", "drawdown", "5.125", "2.125"],
        ["ICIR", "8.125"],
        ["Rank", "IC", "6.125", "Rank", "ICIR", "7.125"],
    ]
    assert lines[start + 6].split()[0] == "status"


async def test_a_run_without_results_begins_with_its_status() -> None:
    view = RunView(Run(INFO, metrics={"loss": Point(0, NOW, 1.0)}))
    lines = (await text_after(view=view)).splitlines()
    assert [line.split()[0] for line in lines[2:4]] == ["status", "started"]


class UserTab(DetailsTab):
    """A tab of one row that opens a chart."""

    name = "user"

    def count(self, run: RunView) -> int | None:
        return 7

    def rows(self, run: RunView, now: int, stale_after: timedelta) -> tuple[DetailRow, ...]:
        return (text_row("login", run.run.info.user),)

    def target(self, row: DetailRow) -> object:
        return MetricTarget("ic")


async def test_a_tab_is_added_by_one_registry_entry() -> None:
    pane = DetailsPane(lambda: NOW, timedelta(hours=1), (*DETAILS_TABS, UserTab()))
    messages: list[Message] = []
    app = host(pane)
    async with app.run_test(size=(80, 24), message_hook=collect_into(messages)) as pilot:
        pane.view = VIEW
        await pilot.pause()
        pane.focus_inside()
        await pilot.press("left_square_bracket")
        await pilot.pause()
        text = text_of(app)
        assert "user 7" in text and "login" in text and "li" in text
        await pilot.press("enter")
        await pilot.pause()
    assert [message.spec.metrics for message in messages if isinstance(message, OpenChart)] == [("ic",)]
