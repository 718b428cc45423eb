"""Downloads from the screen: ask for a directory, show progress, never replace without a question."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from qtui.recorder import Library
from qtui.store.artifacts import streams
from qtui.tui.app import QtuiApp
from qtui.tui.options import Options
from qtui.tui.present.details.details_tabs import DETAILS_TABS
from qtui.tui.screens.artifact import ArtifactScreen
from qtui.tui.screens.browser import BrowserScreen
from qtui.tui.screens.dialogs.download_dialogs import DownloadDialog, complete_folder
from qtui.tui.screens.downloader import scp_line
from qtui.tui.state import State
from tests.stores.files.tree import Tree
from tests.ui.browsing import wait_until
from tests.ui.hosts import NOW, text_of


@pytest.fixture
def artifacts(tmp_path: Path) -> Path:
    """Return the artifacts of the only run of a file store."""
    tree = Tree(tmp_path / "mlruns")
    tree.experiment()
    folder = tree.run("a1") / "artifacts"
    (folder / "model").mkdir(parents=True)
    (folder / "model" / "weights.txt").write_bytes(b"w" * 5000)
    (folder / "notes.txt").write_bytes(b"notes")
    return folder


def viewer_of(artifacts: Path, name: str, state: State | None = None) -> QtuiApp:
    """Return the app with a file in the viewer."""
    library = Library(str(artifacts.parent.parent.parent))
    [info] = [info for batch in library.infos() for info in batch.items]
    return QtuiApp(lambda: ArtifactScreen(library, info, name), Options(refresh=0), state=state)


def browser_of(artifacts: Path) -> QtuiApp:
    """Return the app with the browser."""
    library = Library(str(artifacts.parent.parent.parent))
    return QtuiApp(lambda: BrowserScreen(library, Options(refresh=0), lambda: NOW), Options(refresh=0))


def says(app: QtuiApp, text: str) -> Callable[[], bool]:
    """Return whether a notice has a text, when it is called."""
    return lambda: any(text in notice.message for notice in app._notifications)


async def answer(pilot: Pilot[Any], text: str) -> None:
    """Replace the text of the field, and accept."""
    await pilot.press("ctrl+u", *["slash" if char == "/" else char for char in text], "enter")


def shows(app: QtuiApp, text: str) -> Callable[[], bool]:
    """Return whether the screen shows a text, when it is called."""
    return lambda: text in text_of(app)


async def test_the_open_file_is_downloaded_and_the_directory_is_remembered(
    artifacts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = viewer_of(artifacts, "notes.txt", State(tmp_path / "state"))
    async with app.run_test(size=(100, 24)) as pilot:
        await wait_until(pilot, shows(app, "1  notes"))
        await pilot.press("d")
        await wait_until(pilot, shows(app, "Download notes.txt into"))
        await answer(pilot, "new")
        await wait_until(pilot, says(app, "Saved"))
        assert (tmp_path / "new" / "notes.txt").read_bytes() == b"notes"
    assert State(tmp_path / "state").download_folder == str(tmp_path / "new")


async def test_an_existing_file_is_replaced_only_after_a_question(
    artifacts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    app = viewer_of(artifacts, "notes.txt")
    async with app.run_test(size=(100, 24)) as pilot:
        await wait_until(pilot, shows(app, "1  notes"))
        await pilot.press("d", "enter")
        await wait_until(pilot, shows(app, "Replace 1 file?"))
        assert "notes.txt" in text_of(app)
        await pilot.press("n")
        assert (tmp_path / "notes.txt").read_text() == "mine"
        await pilot.press("d", "enter")
        await wait_until(pilot, shows(app, "Replace 1 file?"))
        await pilot.press("y")
        await wait_until(pilot, says(app, "Saved"))
        assert (tmp_path / "notes.txt").read_text() == "notes"


async def test_hidden_files_are_downloaded_only_after_a_question(
    artifacts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (artifacts / "model" / ".bashrc").write_bytes(b"evil")
    app = browser_of(artifacts)
    async with app.run_test(size=(160, 30)) as pilot:
        screen = app.screen
        assert isinstance(screen, BrowserScreen)
        await wait_until(pilot, lambda: screen.details.view is not None)
        await pilot.press("ctrl+g", "enter")
        await wait_until(pilot, shows(app, "Download 1 hidden file too?"))
        assert "model/.bashrc" in text_of(app)
        await pilot.press("n")
        await wait_until(pilot, says(app, "Saved 2 files"))
    assert not (tmp_path / "model" / ".bashrc").exists()


async def test_escape_cancels_a_download_which_can_be_continued(
    artifacts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(streams, "CHUNK_BYTES", 1000)
    waits: list[str] = []
    chunks = streams.FileStream.chunks

    def slow_chunks(stream: streams.FileStream) -> Iterator[bytes]:
        for number, chunk in enumerate(chunks(stream)):
            yield chunk
            if number == 2:
                waits.append("waits")
                while isinstance(app.screen, DownloadDialog):
                    pass

    monkeypatch.setattr(streams.FileStream, "chunks", slow_chunks)
    app = viewer_of(artifacts, "model/weights.txt")
    async with app.run_test(size=(100, 24)) as pilot:
        await wait_until(pilot, shows(app, "www"))
        await pilot.press("d", "enter")
        await wait_until(pilot, lambda: bool(waits))
        await pilot.press("escape")
        await wait_until(pilot, says(app, "canceled"))
        await wait_until(pilot, lambda: not any(worker.is_running for worker in app.workers))
    [part] = (tmp_path / "model").iterdir()
    assert part.read_bytes().ljust(5000, b"w") == b"w" * 5000
    assert part.name.endswith(".part")


async def test_the_folder_under_the_cursor_of_the_details_is_downloaded(
    artifacts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = browser_of(artifacts)
    async with app.run_test(size=(160, 30)) as pilot:
        screen = app.screen
        assert isinstance(screen, BrowserScreen)
        await wait_until(pilot, lambda: screen.details.view is not None)
        screen.details.tab = [tab.name for tab in DETAILS_TABS].index("artifacts")
        await wait_until(pilot, shows(app, "notes.txt"))
        await pilot.press("3")
        await wait_until(pilot, lambda: screen.details.at_artifact)
        await pilot.press("d", "enter")
        await wait_until(pilot, says(app, "Saved"))
    assert (tmp_path / "model" / "weights.txt").stat().st_size == 5000


async def test_marked_runs_are_downloaded(artifacts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = browser_of(artifacts)
    async with app.run_test(size=(160, 30)) as pilot:
        screen = app.screen
        assert isinstance(screen, BrowserScreen)
        await wait_until(pilot, lambda: screen.details.view is not None)
        await pilot.press("ctrl+g", "enter")
        await wait_until(pilot, says(app, "Saved 2 files"))
    assert (tmp_path / "notes.txt").read_bytes() == b"notes"


async def test_the_path_and_an_scp_command_are_copied(artifacts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = viewer_of(artifacts, "notes.txt")
    copies: list[str] = []
    monkeypatch.setattr(QtuiApp, "copy_to_clipboard", lambda self, text: copies.append(text))
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 5000 10.0.0.2 2222")
    async with app.run_test(size=(100, 24)) as pilot:
        await wait_until(pilot, shows(app, "1  notes"))
        await pilot.press("p", "ctrl+y")
    assert copies[0] == str(artifacts / "notes.txt")
    assert copies[1].startswith("scp -P 2222 ")
    assert copies[1].endswith(f"@10.0.0.2:{artifacts / 'notes.txt'} .")


def test_a_path_in_an_scp_command_is_quoted(tmp_path: Path) -> None:
    folder = tmp_path / "it's $HOME; rm"
    folder.mkdir()
    words = subprocess.run(["sh", "-c", f"printf '%s\\n' {scp_line(folder, {})}"], capture_output=True, text=True)
    assert words.stdout.splitlines()[-2].endswith(f":{folder}")


def test_a_path_is_completed_to_the_first_folder(tmp_path: Path) -> None:
    for name in ("models", "model", "mine"):
        (tmp_path / name).mkdir()
    (tmp_path / "moan.txt").touch()
    assert complete_folder(f"{tmp_path}/mo") == f"{tmp_path}/model/"
    assert complete_folder(f"{tmp_path}/") is None
    assert complete_folder(f"{tmp_path}/nothing/mo") is None
