"""The report tab of the details, over a file store."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from qtui.artifacts.qlib_files.run_report import RunReport
from qtui.errors import ArtifactUnreadable
from qtui.plot.picture import Picture
from qtui.recorder import Library
from qtui.tui.app import QtuiApp
from qtui.tui.options import Options
from qtui.tui.screens.browser import BrowserScreen
from tests.stores.files.tree import Tree
from tests.ui.browsing import wait_until_idle
from tests.ui.conftest import Settled
from tests.ui.hosts import NOW, text_of
from tests.unit.artifacts.qlib_results import recorded

PLAIN, QLIB, BROKEN = "a1", "b2", "c3"
"""Runs without results, with those of Qlib, and with a file that is no pickle of Qlib's, in this order in the table."""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a file store with the three runs."""
    tree = Tree(tmp_path / "mlruns")
    tree.experiment()
    for number, name in enumerate((PLAIN, QLIB, BROKEN)):
        folder = tree.run(name, start_time=NOW - number * 1000)
        if name != PLAIN:
            for key in ("IC", "ICIR"):
                (folder / "metrics" / key).write_text("1760000000000 0.25 0\n")
        for path, data in recorded().artifacts.items() if name != PLAIN else ():
            file = folder / "artifacts" / path
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(b"no pickle" if name == BROKEN and "report_normal" in path else data)
    return tmp_path / "mlruns"


@asynccontextmanager
async def browsing(
    store: Path, settled: Settled, size: tuple[int, int] = (160, 40)
) -> AsyncIterator[tuple[QtuiApp, Pilot[Any]]]:
    """Open the browser with the focus on the details of the first run."""
    screen = BrowserScreen(Library(str(store)), Options(refresh=0), lambda: NOW)
    app = QtuiApp(lambda: screen, Options(refresh=0))
    async with app.run_test(size=size) as pilot:
        await wait_until_idle(pilot, settled)
        yield app, pilot


async def press(pilot: Pilot[Any], settled: Settled, *keys: str) -> str:
    """Press keys, each when the one before was answered, and return the text of the screen."""
    for key in keys:
        await pilot.press(key)
        await wait_until_idle(pilot, settled)
    assert isinstance(pilot.app, QtuiApp)
    return text_of(pilot.app)


async def test_the_tab_is_offered_for_runs_with_results_only(store: Path, settled: Settled) -> None:
    async with browsing(store, settled) as (_, pilot):
        assert " report" not in await press(pilot, settled, "3", "z")
        assert " report" in await press(pilot, settled, "z", "2", "j", "3", "z")


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 55)])
async def test_the_tab_shows_numbers_curves_and_months(store: Path, settled: Settled, size: tuple[int, int]) -> None:
    async with browsing(store, settled, size) as (_, pilot):
        text = await press(pilot, settled, "2", "j", "3", "z", "]")
        metrics = recorded().list_metrics()
        assert f"{metrics['1day.excess_return_with_cost.annualized_return']:+.2%}" in text
        assert f"ICIR {metrics['ICIR']:.3f}" in text
        for part in ("Cumulative return", "Drawdown", "IC by month", "Jan"):
            assert part in text


async def test_the_tab_stays_and_explains_itself_on_a_run_without_results(store: Path, settled: Settled) -> None:
    async with browsing(store, settled) as (_, pilot):
        await press(pilot, settled, "2", "j", "3", "]")
        assert "no results of Qlib" in await press(pilot, settled, "2", "k")
        assert "IC by month" in await press(pilot, settled, "j")
        assert " report" not in await press(pilot, settled, "k", "3", "[")


async def test_an_artifact_that_cannot_be_read_is_named_beside_the_rest(store: Path, settled: Settled) -> None:
    async with browsing(store, settled) as (_, pilot):
        text = await press(pilot, settled, "2", "j", "j", "3", "z", "]")
        assert "report_normal_1day.pkl cannot be shown" in text
        assert "IC by month" in text


async def test_a_report_is_read_once(store: Path, settled: Settled) -> None:
    async with browsing(store, settled) as (_, pilot):
        assert "IC by month" in await press(pilot, settled, "2", "j", "3", "]")
        for file in store.rglob("*.pkl"):
            file.unlink()
        assert "IC by month" in await press(pilot, settled, "]", "[")


async def test_a_report_is_drawn_in_the_background(
    store: Path, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []

    def draw(report: RunReport, cells: int, rows: int, *, ascii_only: bool = False) -> Picture:
        threads.append(threading.current_thread())
        return original(report, cells, rows, ascii_only=ascii_only)

    original = RunReport.draw
    monkeypatch.setattr(RunReport, "draw", draw)
    async with browsing(store, settled) as (_, pilot):
        assert "IC by month" in await press(pilot, settled, "2", "j", "3", "]", "z")
    assert threads
    assert threading.main_thread() not in threads


async def test_a_report_that_cannot_be_drawn_says_so(
    store: Path, settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw(report: RunReport, cells: int, rows: int, *, ascii_only: bool = False) -> Picture:
        raise ArtifactUnreadable("The report has no days.")

    monkeypatch.setattr(RunReport, "draw", draw)
    async with browsing(store, settled) as (_, pilot):
        assert "The report has no days." in await press(pilot, settled, "2", "j", "3", "]")
