"""The viewer over the artifacts of a server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qtui.recorder import Library
from qtui.store.remote import RemoteStore
from qtui.tui.app import QtuiApp
from qtui.tui.options import Options
from qtui.tui.screens.artifact import ArtifactScreen
from tests.stores.remote.artifact_server import RUN, ArtifactServer
from tests.stores.remote.hostile import serving
from tests.ui.browsing import wait_until
from tests.ui.hosts import text_of


@pytest.fixture
def server() -> ArtifactServer:
    """Return the behaviour of the server."""
    return ArtifactServer()


@pytest.fixture
def library(server: ArtifactServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    """Return a library of the server."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    server.files = {"run.log": b"".join(b"line %d of the log\n" % number for number in range(20_000))}
    server.headers = {"ETag": '"1"', "Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT"}
    with serving(server) as address:
        yield Library.over(RemoteStore(f"http://{address}"))


@pytest.fixture
def viewer(library: Library) -> QtuiApp:
    """Return the app with a file of the server in the viewer."""
    return QtuiApp(lambda: ArtifactScreen(library, RUN, "run.log"), Options(refresh=0))


async def test_parts_of_a_remote_file_are_shown(viewer: QtuiApp) -> None:
    async with viewer.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: "line 3 of the log" in text_of(viewer))
        await pilot.press("G")
        await wait_until(pilot, lambda: "line 19999 of the log" in text_of(viewer))


async def test_the_progress_of_fetching_is_shown_and_escape_cancels_it(
    viewer: QtuiApp, library: Library, server: ArtifactServer
) -> None:
    server.stall_after = 20_000
    async with viewer.run_test(size=(80, 24)) as pilot:
        first = viewer.screen
        await viewer.push_screen(ArtifactScreen(library, RUN, "run.log"))
        await wait_until(pilot, lambda: "Fetching 20 kB of 66 kB" in text_of(viewer))
        await pilot.press("escape")
        await wait_until(pilot, lambda: viewer.screen is first)
