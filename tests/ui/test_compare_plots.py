"""The plots of a comparison on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qtui.entities import History, Point
from qtui.recorder import Library
from qtui.tui.app import QtuiApp
from qtui.tui.messages import OpenGrid
from qtui.tui.options import Options
from qtui.tui.present.compare.compare_selection import CompareSelection
from qtui.tui.screens.browser import BrowserScreen
from qtui.tui.screens.compare import CompareScreen
from tests.stores.files.tree import Tree
from tests.ui.browsing import open_browser, wait_until_idle
from tests.ui.conftest import Settled
from tests.ui.hosts import NOW, text_of
from tests.ui.test_compare_screen import open_comparison, press, settle, store
from tests.unit.artifacts.qlib_results import recorded


async def test_w_shows_the_runs_as_bars_points_boxes_and_lines(settled: Settled) -> None:
    async with open_comparison(settled) as (_, screen, pilot):
        text = await press(pilot, settled, screen, "w")
        assert "bars" in text and "a 0.05" in " ".join(text.split()).replace("█", "").replace("  ", " ")
        text = await press(pilot, settled, screen, "w")
        assert "ic (up) by lr" in text and "b: lr 0.01, ic 0.04" not in text.splitlines()[3]
        text = await press(pilot, settled, screen, "w")
        assert "ic by lr" in text and "n=2" in text
        text = await press(pilot, settled, screen, "w")
        assert "runs by ic, the best 1 in front" in text


async def test_the_cursor_of_a_scatter_plot_goes_through_the_points_and_axes_are_chosen(settled: Settled) -> None:
    async with open_comparison(settled) as (app, screen, pilot):
        await press(pilot, settled, screen, "w", "w")
        runs = []
        for key in ("k", "j", "j"):
            await press(pilot, settled, screen, key)
            run = screen.pane.widget.compared_run
            assert run is not None
            runs.append(screen.pane.comparison.names[run])
        assert runs == ["c", "b", "a"]
        assert "a: lr 0.1, ic 0.05" in text_of(app)
        text = await press(pilot, settled, screen, "X", *"loss", "enter")
        assert "ic (up) by loss" in text and "on the Pareto front" in text
        assert "1 point left out" in text


async def test_all_metrics_of_the_compared_runs_are_drawn_as_a_grid(settled: Settled) -> None:
    messages: list[Any] = []
    async with open_comparison(settled, messages) as (_, screen, pilot):
        await press(pilot, settled, screen, "B", "C")
        [spec] = [message.spec for message in messages if isinstance(message, OpenGrid)]
        assert [info.name for info in spec.runs] == ["a", "b", "c"]
        assert (spec.metrics, spec.baseline) == ({"ic", "loss"}, "a")


async def test_groups_of_repetitions_are_bars_with_a_deviation(settled: Settled) -> None:
    async with open_comparison(settled) as (_, screen, pilot):
        text = await press(pilot, settled, screen, "w", "X", *"all params", "enter")
        assert "mean ± std of groups" in text and "lr 0.01" in text and "n=2" in text


async def test_narrowed_axes_become_the_filter_of_the_runs_table(settled: Settled) -> None:
    async with open_browser(settled, store()) as (app, browser, pilot):
        for key in ("space", "space", "space", "c"):
            await pilot.press(key)
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, CompareScreen)
        await settle(pilot, settled, screen)
        text = await press(pilot, settled, screen, "w", "w", "w", "w", "plus")
        assert "1 of 3 runs" in text
        await pilot.press("f")
        await wait_until_idle(pilot, settled)
        assert isinstance(app.screen, BrowserScreen)
        assert browser.runs.bar.text == "params.lr >= 0.1"
        assert [browser.runs.model.frame.infos[row].name for row in browser.runs.table.view.rows] == ["a"]


async def test_enter_goes_to_the_run_of_a_point(settled: Settled) -> None:
    async with open_browser(settled, store()) as (app, browser, pilot):
        for key in ("space", "space", "space", "c"):
            await pilot.press(key)
        await settled(pilot)
        screen = app.screen
        assert isinstance(screen, CompareScreen)
        await settle(pilot, settled, screen)
        await press(pilot, settled, screen, "w", "j")
        await pilot.press("enter")
        await wait_until_idle(pilot, settled)
        assert app.screen is browser
        assert browser.runs.table.line is not None and browser.runs.table.line.key == "b"


async def test_the_returns_and_predictions_of_qlib_runs_are_compared_and_runs_without_them_counted(
    settled: Settled, tmp_path: Path
) -> None:
    tree = Tree(tmp_path / "mlruns")
    tree.experiment()
    for number, name in enumerate(("a1", "b2", "c3")):
        folder = tree.run(name, start_time=NOW - number)
        for key in ("IC", "ICIR"):
            (folder / "metrics" / key).write_text("1760000000000 0.25 0\n")
        for path, data in recorded().artifacts.items() if name != "c3" else ():
            (folder / "artifacts" / path).parent.mkdir(exist_ok=True)
            (folder / "artifacts" / path).write_bytes(data)
    library = Library(str(tmp_path / "mlruns"))
    infos = tuple(info for batch in library.infos() for info in batch.items)
    screen = CompareScreen(library, library.follow(), CompareSelection(infos), lambda: NOW)
    app = QtuiApp(lambda: screen, Options(refresh=0))
    async with app.run_test(size=(120, 40)) as pilot:
        await settle(pilot, settled, screen)
        text = await press(pilot, settled, screen, "v", *"predictions", "enter")
        assert "predictions that all have" in text and "1.000" in text
        text = await press(pilot, settled, screen, "W", *"returns", "enter")
        assert "Cumulative return with cost" in text and "annualised return" in text and "benchmark" in text
        assert "1 run left out" in text and "It has no report of a backtest." in text


async def test_curves_of_runs_or_groups_are_a_view_which_is_large_or_a_grid(settled: Settled) -> None:
    histories = [
        History.of(run_id, key, [Point(step, step, base + step / 10) for step in range(5)])
        for run_id, base in (("a", 0.5), ("b", 0.1), ("c", 0.2))
        for key in ("ic", "loss")
    ]
    async with open_comparison(settled, memory=store(histories)) as (app, screen, pilot):
        text = await press(pilot, settled, screen, "v", *"curves", "enter")
        assert "Chart ic of 3 runs" in text and "a         0.9     4" in text
        assert screen.pane.widget.compared_run == 0
        text = await press(pilot, settled, screen, "S")
        lines = [line for line in text.splitlines() if line.startswith("── ")]
        assert "lines by value" in text and [line.split()[1] for line in lines] == ["a", "c", "b"]
        text = await press(pilot, settled, screen, "S", "j", "B")
        assert "baseline b" in text and "b (baseline)" in text
        text = await press(pilot, settled, screen, "b", *"all params", "enter")
        assert "ic of 2 groups by lr" in text and "lr 0.01" in text and "band" in text
        text = await press(pilot, settled, screen, "C")
        assert "ic ━" in text and "loss ─" in text and "Chart ic" not in text
        assert text.splitlines()[2].split() == ["──", "lr", "0.1", "──", "lr", "0.01"]
        assert "0.9 0.55" in text
        text = await press(pilot, settled, screen, "/", *"lo", "enter")
        assert "loss ━" in text and "ic ─" not in text
        text = await press(pilot, settled, screen, "enter")
        assert "Chart loss of 2 groups by lr" in text
        text = await press(pilot, settled, screen, "v", "W")
        assert "View of the comparison" in text
        text = await press(pilot, settled, screen, "escape", "w")
        assert " table " in text and "Params" in text
        assert app.screen is screen
