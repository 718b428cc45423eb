"""Artifacts are opened for reading wherever they are, and never read beyond a limit."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from qtui.entities import RunInfo
from qtui.errors import ArtifactNotFound, ArtifactTooLarge, BadValue
from qtui.recorder import Library
from qtui.store import ArtifactRoot
from qtui.store.artifacts.streams import fetched_streams
from qtui.store.memory import MemoryStore
from qtui.store.protocol import OpenStream

RUN = RunInfo("run", "1")
CONTENT = b"# Notes\nAlpha decays.\n"


class LocalStore(MemoryStore):
    """A store with its artifacts in a local folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(artifacts={RUN.run_id: {"notes.md": len(CONTENT), "figures/ic.png": 3}})
        (folder / "figures").mkdir()
        (folder / "notes.md").write_bytes(CONTENT)
        self.folder = folder

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        return ArtifactRoot(self.folder.as_uri(), self.folder, False)


class RemoteStore(LocalStore):
    """A store with its artifacts on a server."""

    downloads = 0

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        return ArtifactRoot("s3://bucket/run", None, False)

    def artifact_streams(self, info: RunInfo) -> OpenStream:
        def fetch(path: str, scratch: Path) -> Path:
            self.downloads += 1
            return Path(shutil.copy(self.folder / path, scratch))

        return fetched_streams(fetch)


@pytest.fixture(params=[LocalStore, RemoteStore])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> LocalStore:
    return request.param(tmp_path)


def render_first_line(library: Library, path: str) -> str:
    """The whole of a viewer: it needs no path, no store and no knowledge of where the artifacts are."""
    with library.open_artifact(RUN, path, limit=1 << 20) as file:
        return file.readline().decode("utf-8", "replace").rstrip()


def test_a_viewer_reads_an_artifact_in_two_lines(store: LocalStore) -> None:
    assert render_first_line(Library.over(store), "notes.md") == "# Notes"


def test_without_a_limit_everything_is_read(store: LocalStore) -> None:
    with Library.over(store).open_artifact(RUN, "notes.md") as file:
        assert file.read() == CONTENT


def test_a_local_file_ends_at_the_limit(tmp_path: Path) -> None:
    with Library.over(LocalStore(tmp_path)).open_artifact(RUN, "notes.md", limit=10) as file:
        assert file.read() == CONTENT[:10]
        assert file.seek(0, os.SEEK_END) == 10
        assert file.seek(2) == 2
        assert file.read(100) == CONTENT[2:10]
        file.seek(15)
        assert file.read() == b""


def test_a_remote_file_beyond_the_limit_is_not_downloaded(tmp_path: Path) -> None:
    store = RemoteStore(tmp_path)
    with (
        pytest.raises(ArtifactTooLarge, match=r"notes\.md has 22 bytes, more than the 10"),
        Library.over(store).open_artifact(RUN, "notes.md", limit=10),
    ):
        pass
    assert store.downloads == 0


@pytest.mark.parametrize(
    ("path", "error"), [("nope", ArtifactNotFound), ("figures", ArtifactNotFound), ("../x", BadValue)]
)
def test_only_files_among_the_artifacts_are_opened(tmp_path: Path, path: str, error: type[Exception]) -> None:
    with pytest.raises(error), Library.over(LocalStore(tmp_path)).open_artifact(RUN, path):
        pass
