"""The pane of details."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.message import Message

from qtui.entities import PARENT_RUN_TAG, Artifact, Point, Run, RunInfo, Summary
from qtui.tui.messages import ChartWanted, CopyText
from qtui.tui.present.run_view import RunView
from qtui.tui.widgets import details
from qtui.tui.widgets.details import DetailsPane
from tests.ui.browsing import until
from tests.ui.hosts import NOW, host, into, text_of

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


async def shown(
    *keys: str, view: RunView | None = VIEW, size: tuple[int, int] = (60, 24), said: list[Message] | None = None
) -> str:
    """What stands there after these keys."""
    pane = pane_of()
    app = host(pane)
    async with app.run_test(size=size, message_hook=into(said)) as pilot:
        pane.view = view
        await pilot.pause()
        pane.focus_inside()
        await pilot.press(*keys)
        await pilot.pause()
        return text_of(app)


async def test_the_overview_comes_first_with_the_note_below() -> None:
    text = await shown()
    for part in ("gentle-wolf", "✓ done", "1m 00s", "0123abcd", "Heading", "some bold words"):
        assert part in text


async def test_with_height_to_spare_metrics_and_params_stand_below_the_overview() -> None:
    assert " metrics 1\n" not in await shown(size=(80, 30))
    text = await shown(size=(80, 60))
    assert text.index("run id") < text.index(" metrics 1\n") < text.index(" params 2\n")


async def test_a_metric_below_the_overview_opens_as_a_chart() -> None:
    said: list[Message] = []
    await shown("slash", *"ic", "enter", "G", "enter", size=(80, 60), said=said)
    assert [message.charted.metrics for message in said if isinstance(message, ChartWanted)] == [("ic",)]


async def test_brackets_go_through_the_tabs_and_around() -> None:
    assert "LGB⏎with two lines" in await shown("right_square_bracket")
    metrics = await shown("right_square_bracket", "right_square_bracket")
    assert "▁▃█" in metrics and "best" in metrics
    assert "alpha" in await shown(*["right_square_bracket"] * 4)
    assert "Reading the artifacts" in await shown("left_square_bracket")


async def test_nothing_selected_says_so() -> None:
    assert "Move to a run" in await shown(view=None)


async def test_a_run_that_cannot_be_read_says_why() -> None:
    failed = RunView(Run(INFO), failure="The folder of the run is gone.")
    assert "The folder of the run is gone." in await shown("right_square_bracket", view=failed)


async def test_searching_shows_only_the_rows_that_hold_it() -> None:
    text = await shown("right_square_bracket", "slash", "l", "g", "b", "enter")
    assert "model" in text and "0.1" not in text
    assert "Nothing here holds these letters" in await shown("right_square_bracket", "slash", "q", "q", "enter")


async def test_copying_gives_the_whole_value_and_not_what_is_drawn() -> None:
    said: list[Message] = []
    await shown("right_square_bracket", "j", "Y", "y", said=said)
    assert [each.text for each in said if isinstance(each, CopyText)] == ["LGB\nwith two lines", "0123abcd"]


async def test_enter_opens_a_value_in_full_and_a_parent_as_a_run() -> None:
    said: list[Message] = []
    await shown("right_square_bracket", "enter", said=said)
    assert [(each.key, each.value) for each in said if isinstance(each, DetailsPane.ValueOpened)] == [("lr", "0.1")]
    said.clear()
    await shown("G", "enter", said=said)
    assert [each.run_id for each in said if isinstance(each, DetailsPane.RunWanted)] == ["ffff"]


async def test_the_artifacts_are_asked_for_when_their_tab_is_opened() -> None:
    said: list[Message] = []
    await shown("left_square_bracket", said=said)
    assert [each.path for each in said if isinstance(each, DetailsPane.ArtifactsWanted)] == [""]


async def test_a_folder_of_artifacts_opens_and_closes() -> None:
    from dataclasses import replace

    said: list[Message] = []
    levels = {"": (Artifact("model", True), Artifact("pred.pkl", False, 2048))}
    text = await shown("left_square_bracket", "enter", view=replace(VIEW, levels=levels), said=said)
    assert "▸ model/" in text and "2.0 kB" in text
    assert [each.path for each in said if isinstance(each, DetailsPane.ArtifactsWanted)] == ["model"]
    levels["model"] = (Artifact("model/a.txt", False, 1),)
    assert "a.txt" in await shown("left_square_bracket", view=replace(VIEW, levels=levels))
    assert "a.txt" not in await shown("left_square_bracket", "enter", view=replace(VIEW, levels=levels))


async def test_it_survives_every_size() -> None:
    for size in ((20, 5), (8, 3), (200, 50)):
        await shown("right_square_bracket", "right_square_bracket", size=size)


async def test_tabs_that_do_not_fit_are_shortened_but_for_the_one_in_front() -> None:
    assert "overview  params 2  metrics 2  charts  tags 2  artifacts" in await shown()
    narrow = await shown("right_square_bracket", size=(42, 24))
    assert "overvi params metric charts tags artifa" in narrow
    assert "overview" in await shown(size=(42, 24))


async def test_ages_and_durations_of_the_overview_go_on_while_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(details, "TICK_S", 0.01)
    now = [NOW]
    pane = DetailsPane(lambda: now[0], timedelta(hours=1))
    app = host(pane)
    async with app.run_test(size=(60, 24)) as pilot:
        pane.view = RunView(Run(RunInfo("a", "1", "live", "RUNNING", start_time=NOW - 48 * 60_000)))
        await pilot.pause()
        assert "48m ago" in text_of(app) and "48m 00s" in text_of(app)
        now[0] = NOW + 65_000
        await until(pilot, lambda: "49m ago" in text_of(app) and "49m 05s" in text_of(app))


async def test_the_details_of_a_qlib_run_begin_with_its_results() -> None:
    keys = [f"1day.excess_return_{cost}_cost.{key}" for cost in ("without", "with") for key in MEASURES]
    metrics = {key: Point(0, NOW, 0.125 + place) for place, key in enumerate([*keys, "Rank IC", "Rank ICIR", "ICIR"])}
    lines = (await shown(view=RunView(Run(INFO, metrics=metrics)))).splitlines()
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
    lines = (await shown(view=view)).splitlines()
    assert [line.split()[0] for line in lines[2:4]] == ["status", "started"]
