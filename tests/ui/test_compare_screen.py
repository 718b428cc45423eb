"""The comparison on the whole screen, over a store in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pandas
import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.widgets import Static

from qtui.entities import ExperimentInfo, History, Point, Run, RunInfo
from qtui.recorder import Library
from qtui.store.files.writing.sample import write_experiment, write_run
from qtui.store.memory import MemoryStore
from qtui.tui.app import QtuiApp
from qtui.tui.messages import CopyText, OpenChart, SaveFile, ShowValue
from qtui.tui.options import Options
from qtui.tui.present.compare.compare_selection import CompareSelection
from qtui.tui.screens.compare import CompareScreen
from qtui.tui.screens.value import ValueScreen
from tests.ui.browsing import open_browser, wait_until_idle
from tests.ui.conftest import Settled
from tests.ui.hosts import NOW, collect_into, text_of
from tests.unit.runs.build import run


def runs() -> list[Run]:
    """Three runs of two experiments; the learning rate, the seed and the metrics differ."""
    return [
        run("a", start_time=3, params={"lr": "0.1", "seed": "1", "model": "gru"}, metrics={"ic": 0.05, "loss": 0.5}),
        run("b", start_time=2, params={"lr": "0.01", "seed": "2", "model": "gru"}, metrics={"ic": 0.04, "loss": 0.4}),
        run("c", start_time=1, experiment_id="2", params={"lr": "0.01", "model": "gru"}, metrics={"ic": 0.03}),
    ]


def store(histories: list[History] | None = None) -> MemoryStore:
    return MemoryStore([ExperimentInfo("1", "one"), ExperimentInfo("2", "two")], runs(), histories or [])


@asynccontextmanager
async def open_comparison(
    settled: Settled, messages: list[Any] | None = None, memory: MemoryStore | None = None
) -> AsyncIterator[tuple[QtuiApp, CompareScreen, Pilot[Any]]]:
    """Run the screen over these runs; their values are not loaded when it opens."""
    library = Library.over(memory or store())
    selection = CompareSelection(tuple(one.info for one in runs()), experiments={"1": "one", "2": "two"})
    screen = CompareScreen(library, library.follow(), selection, lambda: NOW)
    app = QtuiApp(lambda: screen, Options(refresh=0))
    async with app.run_test(size=(100, 24), message_hook=collect_into(messages)) as pilot:
        await settle(pilot, settled, screen)
        yield app, screen, pilot


async def settle(pilot: Pilot[Any], settled: Settled, screen: CompareScreen) -> None:
    await settled(pilot)
    while screen.is_busy:
        await settled(pilot)


async def press(pilot: Pilot[Any], settled: Settled, screen: CompareScreen, *keys: str) -> str:
    """Press keys and return the text of the screen."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot, settled, screen)
    return text_of(pilot.app)


def labels(text: str) -> list[str]:
    """Return the first words of the lines of the table."""
    return [line.split()[0] for line in text.splitlines()[4:-2] if line.strip(" ▐")]


async def test_marked_runs_of_two_experiments_are_compared_and_the_screen_names_what_differs(settled: Settled) -> None:
    async with open_browser(settled, store()) as (app, _, pilot):
        for key in ("space", "space", "space", "c"):
            await pilot.press(key)
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, CompareScreen)
        await settle(pilot, settled, screen)
        text = text_of(app)
        assert "These runs differ in: 2 params (lr, seed), 2 metrics" in text
        assert labels(text) == ["Attributes", "experiment", "started", "Params", "lr", "seed", "Metrics", "ic", "loss"]
        await pilot.press("q")
        await wait_until_idle(pilot, settled)


async def test_a_run_that_left_the_table_stays_in_the_comparison(settled: Settled) -> None:
    async with open_browser(settled, store()) as (app, browser, pilot):
        await pilot.press("space")
        await pilot.press("1", "G")
        await wait_until_idle(pilot, settled)
        await pilot.press("2", "space", "c")
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, CompareScreen)
        await settle(pilot, settled, screen)
        assert {info.name for info in screen.pane.comparison.frame.infos} == {"a", "c"}
        assert "experiment" in text_of(app)
        assert browser.runs.edit_count == 2


async def test_values_that_are_not_loaded_yet_are_loaded_and_keys_change_what_is_shown(settled: Settled) -> None:
    async with open_comparison(settled) as (_, screen, pilot):
        text = text_of(pilot.app)
        assert "model" not in labels(text)
        text = await press(pilot, settled, screen, "d")
        assert "model" in labels(text)
        text = await press(pilot, settled, screen, "t")
        assert [line.split()[0] for line in text.splitlines()[4:7]] == ["a", "b", "c"]
        await press(pilot, settled, screen, "t", "d", "/", "s", "e", "e", "enter")
        assert labels(text_of(pilot.app))[-2:] == ["Params", "seed"]
        await press(pilot, settled, screen, "escape")
        assert "ic" in labels(text_of(pilot.app))


async def test_a_baseline_shows_differences_and_s_sorts_the_runs_by_the_row(settled: Settled) -> None:
    async with open_comparison(settled) as (_, screen, pilot):
        text = await press(pilot, settled, screen, "B", "n", "n", "n", "n")
        assert "baseline a" in text
        assert "0.04  -0.01 (-20.0%)" in text
        row = screen.pane.widget.compared_row
        assert row is not None
        before = screen.pane.comparison.order
        await press(pilot, settled, screen, "s", "s")
        assert screen.pane.comparison.order == tuple(reversed(before))
        assert screen.pane.comparison.baseline == 0
        await press(pilot, settled, screen, "s")
        assert screen.pane.comparison.order == before


async def test_the_cell_under_the_cursor_is_shown_copied_drawn_and_the_table_exported(settled: Settled) -> None:
    messages: list[Any] = []
    async with open_comparison(settled, messages) as (_, screen, pilot):
        await press(pilot, settled, screen, "right", "G", "k", "enter", "escape", "y", "Y", "m")
        values = [message for message in messages if isinstance(message, ShowValue)]
        copied = [message.text for message in messages if isinstance(message, CopyText)]
        charts = [message.spec for message in messages if isinstance(message, OpenChart)]
        assert [(message.key, message.value, message.other) for message in values] == [("ic of b", "0.04", None)]
        assert copied == ["b", "0.04"]
        assert [(spec.metrics, [info.name for info in spec.runs]) for spec in charts] == [(("ic",), ["a", "b", "c"])]
        await pilot.press("escape")
        await settle(pilot, settled, screen)
        await press(pilot, settled, screen, "x", "enter")
        saved = next(message for message in messages if isinstance(message, SaveFile))
        assert saved.make_text().splitlines()[0] == "kind,key,a,b,c"


async def test_another_value_of_the_metrics_is_loaded_and_compared(settled: Settled) -> None:
    points = [Point(step, step, value) for step, value in enumerate((0.1, 0.9, 0.05))]
    async with open_comparison(settled, memory=store([History.of("a", "ic", points)])) as (_, screen, pilot):
        text = await press(pilot, settled, screen, "a", *"best", "enter")
        assert "metrics: best" in text
        row = next(row for row in screen.pane.comparison.rows if row.key == "ic")
        assert [row.column[index] for index in range(3)] == [0.9, 0.04, 0.03]
        await press(pilot, settled, screen, "a", *"step", "enter", "0", "enter")
        row = next(row for row in screen.pane.comparison.rows if row.key == "ic")
        assert [row.column[index] for index in range(3)] == [0.1, 0.04, 0.03]
        text = await press(pilot, settled, screen, "a", *"smoothed 0.9", "enter")
        assert "metrics: smoothed 0.9" in text
        row = next(row for row in screen.pane.comparison.rows if row.key == "ic")
        values = pandas.Series([0.1, 0.9, 0.05]).ewm(alpha=0.1).mean()
        assert [row.column[index] for index in range(3)] == [pytest.approx(values.iloc[-1]), 0.04, 0.03]


async def test_groups_and_importance_are_views_that_say_what_is_better_and_what_matters(settled: Settled) -> None:
    async with open_comparison(settled) as (_, screen, pilot):
        text = await press(pilot, settled, screen, "v", *"groups", "enter")
        assert "lr 0.1 is better than lr 0.01 by 0.015 ic" in text
        assert "1 and 2 runs" in text and "a single run does not show how certain that is." in text
        text = await press(pilot, settled, screen, "v", *"importance", "enter")
        assert "Too few runs: 3 with ic" in text
        text = await press(pilot, settled, screen, "M", *"loss", "enter")
        assert "Too few runs: 2 with loss" in text


async def test_the_files_of_two_runs_are_compared_and_a_difference_opens_below_its_line(
    settled: Settled, tmp_path: Path
) -> None:
    folder = write_experiment(tmp_path / "mlruns", ExperimentInfo("1", "one"))
    contents = ({"config.yaml": b"lr: 0.1\n", "log.txt": b"same"}, {"config.yaml": b"lr: 0.2\n", "log.txt": b"same"})
    infos = []
    for index, artifacts in enumerate(contents):
        run_id = f"{index:032x}"
        root = (folder / run_id / "artifacts").as_uri()
        infos.append(RunInfo(run_id, "1", f"run-{index}", "FINISHED", artifact_uri=root))
        write_run(folder, Run(infos[-1], {"lr": str(index)}), {}, artifacts)
    library = Library(str(tmp_path / "mlruns"))
    screen = CompareScreen(library, library.follow(), CompareSelection(tuple(infos)), lambda: NOW)
    app = QtuiApp(lambda: screen, Options(refresh=0))
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot, settled, screen)
        text = await press(pilot, settled, screen, "v", *"files", "enter")
        assert "different" in text and "config.yaml" in text and "▸ 1 equal file" in text
        text = await press(pilot, settled, screen, "enter")
        assert "-lr: 0.1" in text and "+lr: 0.2" in text
        text = await press(pilot, settled, screen, "G", "enter")
        assert "log.txt" in text


async def test_the_whole_value_shows_the_parts_that_differ_from_the_first_run(settled: Settled) -> None:
    async with open_comparison(settled) as (app, screen, pilot):
        await press(pilot, settled, screen, "right", "n", "n", "enter")
        assert isinstance(app.screen, ValueScreen)
        content = app.screen.query_one("VerticalScroll Static", Static).content
        assert isinstance(content, Content)
        assert content.plain == "0.01"
        assert [content.plain[span.start : span.end] for span in content.spans] == ["01"]


async def test_changes_of_compared_runs_are_shown_and_deleted_runs_stay_and_are_named(settled: Settled) -> None:
    async with open_comparison(settled) as (app, screen, pilot):
        screen.show_changes([run("a", metrics={"ic": 0.9}), run("z", metrics={"ic": 1.0})], {"b", "y"})
        await settle(pilot, settled, screen)
        text = text_of(app)
        assert "0.90" in text and "Deleted meanwhile: b" in text
        assert [info.run_id for info in screen.pane.comparison.frame.infos] == ["a", "b", "c"]
        screen.show_changes([run("b", metrics={"ic": 0.7})], set())
        await settle(pilot, settled, screen)
        assert "0.70" in text_of(app) and "Deleted meanwhile" not in text_of(app)


async def test_the_name_of_the_present_view_is_in_the_title_of_a_narrow_terminal(settled: Settled) -> None:
    async with open_comparison(settled) as (app, screen, pilot):
        await pilot.resize_terminal(60, 20)
        await settle(pilot, settled, screen)
        assert " table  bars " in text_of(app).splitlines()[0]
        text = await press(pilot, settled, screen, "v", *"importance", "enter")
        title = text.splitlines()[0]
        assert " importance " in title and "…" in title and " table " not in title


async def test_only_the_measures_of_qlib_are_shown_with_short_titles_and_exported(settled: Settled) -> None:
    messages: list[Any] = []
    measures = {"IC": 0.05, "Rank IC": 0.06, "1day.excess_return_with_cost.max_drawdown": -0.1, "loss": 1.0}
    memory = MemoryStore([ExperimentInfo("1", "one")], [run(name, metrics=measures) for name in "abc"])
    async with open_comparison(settled, messages, memory) as (_, screen, pilot):
        text = await press(pilot, settled, screen, "p")
        assert [line for line in labels(text) if line != "Metrics"] == ["IC", "Rank", "max"]
        assert "max drawdown with cost" in text and "Qlib's measures" in text
        await press(pilot, settled, screen, "x", "enter")
        saved = next(message for message in messages if isinstance(message, SaveFile))
        assert [line.split(",")[1] for line in saved.make_text().splitlines()[1:]] == list(measures)[:3]
        await press(pilot, settled, screen, "escape", "d")
        assert "loss" in labels(text_of(pilot.app))


async def test_the_tables_of_two_runs_are_shown_beside_each_other_with_difference_and_correlation(
    settled: Settled, tmp_path: Path
) -> None:
    folder = write_experiment(tmp_path / "mlruns", ExperimentInfo("1", "one"))
    contents = ("day,score\n1,0.5\n2,0.25\n3,1\n", "day,score\n1,0.5\n2,0.5\n3,1.25\n")
    infos = []
    for index, text in enumerate(contents):
        run_id = f"{index:032x}"
        root = (folder / run_id / "artifacts").as_uri()
        infos.append(RunInfo(run_id, "1", f"run-{index}", "FINISHED", artifact_uri=root))
        files = {"pred.csv": text.encode(), "other.csv": b"x\n1\n", "model.bin": b"\0"}
        write_run(folder, Run(infos[-1], {"lr": str(index)}), {}, files)
    library = Library(str(tmp_path / "mlruns"))
    screen = CompareScreen(library, library.follow(), CompareSelection(tuple(infos)), lambda: NOW)
    app = QtuiApp(lambda: screen, Options(refresh=0))
    async with app.run_test(size=(100, 24)) as pilot:
        await settle(pilot, settled, screen)
        await press(pilot, settled, screen, "v", *"tables", "enter", "F", *"pred", "enter")
        text = text_of(app)
        assert "score: correlation 0.94491, 1 of 3 rows equal, largest difference 0.25" in text
        assert "score run-0" in text and "score run-1" in text and "score difference" in text
        text = await press(pilot, settled, screen, "right", "right", "right", "right", "right", "S")
        rows = [line.split()[-1] for line in text.splitlines() if line.split()[:1] in (["1"], ["2"], ["3"])]
        assert "pred.csv · row 1 of 3" in text
        assert rows == ["0.25", "0.25", "0"]
        text = await press(pilot, settled, screen, "w")
        assert "These runs differ in: 1 param (lr)" in text and " table " in text
