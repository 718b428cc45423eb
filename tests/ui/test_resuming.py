"""`ctrl+r` shows what a run was and what has changed, and offers the ways to go on with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from qtui.recorder import Library
from qtui.tui.app import QtuiApp
from qtui.tui.options import Options
from qtui.tui.screens.browser import BrowserScreen
from tests.stores.files.tree import Tree
from tests.ui.browsing import wait_until
from tests.ui.hosts import NOW, text_of
from tests.ui.test_downloads import says, shows


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    """Return the folder of a run of ours that ended at step 41."""
    tree = Tree(tmp_path / "mlruns")
    tree.experiment()
    folder = tree.run("a1")
    (folder / "metrics/loss").write_text("1000 0.5 40\n2000 0.4 41\n")
    tags = {"qtui.command": "python train.py --seed 1", "qtui.cwd": str(tmp_path), "mlflow.runName": "name of a1"}
    for key, value in tags.items():
        (folder / "tags" / key).write_text(value)
    return folder


def browser_of(run_folder: Path, *, read_only: bool = False) -> QtuiApp:
    """Return the app with the browser."""
    library = Library(str(run_folder.parent.parent), read_only=read_only)
    return QtuiApp(lambda: BrowserScreen(library, Options(refresh=0), lambda: NOW), Options(refresh=0))


async def test_the_dialog_shows_the_origin_and_copies_the_lines(run_folder: Path, tmp_path: Path) -> None:
    app = browser_of(run_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_until(pilot, shows(app, "name of a1"))
        await pilot.press("ctrl+r")
        await wait_until(pilot, shows(app, "41 of loss"))
        text = text_of(app)
        assert "Resume name of a1" in text
        assert "python train.py --seed 1" in text
        await pilot.press(*"shell", "enter")
        await wait_until(pilot, says(app, "Copied the shell line."))
        assert app.clipboard.endswith("resume a1 -- python train.py --seed 1")
        await pilot.press("3", "ctrl+r")
        await wait_until(pilot, shows(app, "41 of loss"))
        await pilot.press(*"lines for R", "enter")
        await wait_until(pilot, says(app, "Copied the Python lines."))
        assert "R.log_metrics(loss=0.5)  # continues at step 42" in app.clipboard


async def test_the_command_can_be_edited_before_it_runs(run_folder: Path, tmp_path: Path) -> None:
    app = browser_of(run_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_until(pilot, shows(app, "name of a1"))
        await pilot.press("ctrl+r")
        await wait_until(pilot, shows(app, "41 of loss"))
        await pilot.press("enter")
        await wait_until(pilot, shows(app, "Command to run inside this run"))
        assert "python train.py --seed 1" in text_of(app)
        await pilot.press("ctrl+u")
        assert "Enter a command." in text_of(app)
        await pilot.press("'", "enter")
        assert "No closing quotation." in text_of(app)
        # A terminal of tests cannot be suspended.
        await pilot.press("ctrl+u", *"true", "enter")
        await wait_until(pilot, says(app, "qtui cannot be suspended in this terminal."))


@pytest.mark.parametrize("read_only", [True, False], ids=["read-only", "without a command"])
async def test_only_copies_are_offered_where_nothing_can_run(run_folder: Path, read_only: bool) -> None:
    if not read_only:
        (run_folder / "tags/qtui.command").unlink()
    app = browser_of(run_folder, read_only=read_only)
    async with app.run_test(size=(100, 30)) as pilot:
        await wait_until(pilot, shows(app, "name of a1"))
        await pilot.press("ctrl+r")
        await wait_until(pilot, shows(app, "41 of loss"))
        assert ("read-only" if read_only else "The run has no recorded command.") in text_of(app)
        await pilot.press("enter")
        assert "Resume name of a1" in text_of(app)
        await pilot.press(*"shell", "enter")
        await wait_until(pilot, says(app, "Copied the shell line."))


async def test_a_deleted_run_is_restored_first(run_folder: Path) -> None:
    meta = run_folder / "meta.yaml"
    meta.write_text(meta.read_text().replace("lifecycle_stage: active", "lifecycle_stage: deleted"))
    app = browser_of(run_folder)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("V")
        await wait_until(pilot, shows(app, "name of a1"))
        await pilot.press("ctrl+r")
        await wait_until(pilot, says(app, "is deleted"))


async def test_a_refresh_shows_the_new_status_in_the_details_too(run_folder: Path) -> None:
    app = browser_of(run_folder)
    async with app.run_test(size=(140, 30)) as pilot:
        await wait_until(pilot, lambda: text_of(app).count("done") == 2)
        meta = run_folder / "meta.yaml"
        meta.write_text(meta.read_text().replace("status: 3", "status: 5"))
        await pilot.press("r")
        await wait_until(pilot, lambda: text_of(app).count("killed") == 2)
