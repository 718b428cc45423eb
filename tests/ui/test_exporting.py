"""Export of the runs table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from qtui.tui.app import QtuiApp
from tests.ui.browsing import open_browser, wait_until, wait_until_idle
from tests.ui.conftest import Settled
from tests.ui.hosts import text_of
from tests.ui.test_browser import store_of


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


async def test_the_filtered_runs_go_into_a_file_whose_name_is_typed(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (app, _, pilot):
        await pilot.press("slash", *"params.model = lgb", "enter")
        await wait_until_idle(pilot, settled)
        await pilot.press("x", "enter")
        await pilot.pause()
        assert "all-experiments.csv" in text_of(app)
        await pilot.press("ctrl+u", *"mine.csv", "enter")
        await wait_until_idle(pilot, settled)
        await wait_until(pilot, lambda: Path("mine.csv").exists())
        names = [row["name"] for row in csv.DictReader(Path("mine.csv").read_text().splitlines())]
        assert names == ["run-5", "run-3", "run-1"]
        await wait_until(
            pilot, lambda: any(text.startswith(f"Saved 3 lines to {Path.cwd() / 'mine.csv'}") for text in messages(app))
        )


def messages(app: QtuiApp) -> list[str]:
    return [notification.message for notification in app._notifications]


async def test_a_file_is_overwritten_only_after_confirmation(settled: Settled) -> None:
    path = Path("all-experiments.csv")
    path.write_text("mine")
    async with open_browser(settled, store_of()) as (app, _, pilot):
        await pilot.press("x", "enter", "enter")
        await pilot.pause()
        assert "Replace all-experiments.csv?" in text_of(app)
        await pilot.press("n")
        await wait_until_idle(pilot, settled)
        assert path.read_text() == "mine"
        await pilot.press("x", "enter", "enter", "y")
        await wait_until(pilot, lambda: path.read_text() != "mine")
        assert path.read_text().startswith("run_id,name,")


async def test_the_clipboard_gets_the_runs_as_markdown(settled: Settled) -> None:
    async with open_browser(settled, store_of()) as (app, _, pilot):
        await pilot.press("x", *"markdown to the clip", "enter")
        await wait_until(pilot, lambda: bool(app.clipboard))
        assert app.clipboard.startswith("| name | status |")
        assert app.clipboard.count("\n") == 2 + 8


async def test_an_export_that_exceeds_the_clipboard_is_refused(
    settled: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qtui.tui.terminal.clipboard.MAX_CLIPBOARD_BYTES", 20)
    async with open_browser(settled, store_of()) as (app, _, pilot):
        await pilot.press("x", *"json to the clip", "enter")
        await wait_until(
            pilot, lambda: any("write a file instead" in notification.message for notification in app._notifications)
        )
        assert not app.clipboard
