"""Artifacts that are no regular files, or that lead out of the run, are refused with one sentence."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from qtui.entities import RunInfo
from qtui.errors import ArtifactNotFound, ArtifactUnreadable, QtuiError
from qtui.recorder import Library
from qtui.store.artifacts import regular_file
from qtui.store.artifacts.regular_file import open_artifact_file
from tests.stores.files.tree import Tree
from tests.unit.recorder.test_artifact_files import LocalStore

RUN = RunInfo("run", "1")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the artifact folder of the run."""
    folder = tmp_path / "artifacts"
    folder.mkdir()
    return folder


@pytest.fixture
def library(root: Path) -> Iterator[Library]:
    """Return a library with one run."""
    with Library.over(LocalStore(root)) as library:
        yield library


def refusal(library: Library, path: str) -> str:
    """Return the message with which an artifact is refused."""
    with pytest.raises(QtuiError) as caught, library.open_artifact(RUN, path):
        pass
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_pipe_is_refused_at_once(root: Path, library: Library) -> None:
    os.mkfifo(root / "pipe")
    assert refusal(library, "pipe") == "'pipe' is a named pipe, not a file; it is not opened."


def test_a_socket_is_refused(root: Path, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        assert refusal(library, "socket") == "'socket' is a socket, not a file; it is not opened."


def test_a_device_behind_a_link_is_refused(root: Path, library: Library) -> None:
    (root / "zero").symlink_to("/dev/zero")
    assert "leaves the artifacts" in refusal(library, "zero")


def test_a_link_out_of_the_run_is_refused(root: Path, library: Library, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (root / "out").symlink_to(tmp_path / "secret")
    (root / "folder").symlink_to(tmp_path)
    assert "leaves the artifacts" in refusal(library, "out")
    assert "leaves the artifacts" in refusal(library, "folder/secret")


def test_a_link_within_the_run_is_followed(root: Path, library: Library) -> None:
    (root / "link").symlink_to("notes.md")
    (root / "figures" / "up").symlink_to("../notes.md")
    for path in ("link", "figures/up"):
        with library.open_artifact(RUN, path) as file:
            assert file.read().startswith(b"# Notes")


def test_a_circular_link_is_refused(root: Path, library: Library) -> None:
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("a")
    assert "circular link" in refusal(library, "a")


def test_links_to_nothing_and_to_the_folder_itself_are_named(root: Path, library: Library) -> None:
    (root / "lost").symlink_to("nowhere")
    (root / "loop").symlink_to(".")
    assert refusal(library, "lost") == "'lost' is a broken link."
    assert refusal(library, "loop") == "The artifact 'loop' is a folder, not a file."


CONTROLS = ("esc\x1b[2Jape", "line\nbreak", "return\r", "delete\x7f", "c1\x9b31m", "..\\escape", "C:\\escape")
KEPT = (
    *("-rf", "%2e%2e%2fescape", "con#frag?query", "C:escape", "turn\u202egpj.exe", "[red]x[/]", "~", "$(x)", "`x`"),
    *("*", "a b", "not utf-8 \udcff", "n" * 255, ".bashrc", "...", "sub/-rf"),
)


@pytest.mark.parametrize("name", [*CONTROLS, *KEPT])
def test_a_hostile_name_is_listed_and_viewed_and_saved_only_if_it_is_harmless(tmp_path: Path, name: str) -> None:
    tree = Tree(tmp_path / "mlruns")
    tree.experiment()
    folder = tree.run("run") / "artifacts"
    (folder / name).parent.mkdir(exist_ok=True, parents=True)
    (folder / name).write_bytes(b"content")
    (folder / "good").write_bytes(b"good")
    target = tmp_path / "deep" / "target"
    with Library(str(tmp_path / "mlruns")) as library:
        assert {"good", name} <= {artifact.path for artifact in library.artifacts("run", recursive=True).items}
        with library.open_artifact("run", name) as file:
            assert file.read() == b"content"
        before = {path for path in tmp_path.rglob("*") if path.is_file()}
        transfer = library.download("run", "", target)
        list(transfer.run())
    saved = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    assert {str(path.relative_to(target)) for path in saved} == {"good", name} - {*CONTROLS}
    assert [failure.path for failure in transfer.failures] == ([name] if name in CONTROLS else [])


def test_control_characters_of_a_name_are_escaped_in_the_message(root: Path, library: Library) -> None:
    os.mkfifo(root / "a\x1b[2J\nb")
    assert refusal(library, "a\x1b[2J\nb").startswith(r"'a\x1b[2J\nb' is a named pipe")


@pytest.mark.parametrize("path", ["inner/file", "inner"])
def test_a_link_that_appears_after_the_check_is_not_followed(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("secret")
    realpath = os.path.realpath

    def swap_after_check(name: os.PathLike[str], **options: bool) -> str:
        resolved = realpath(name, **options)
        if os.fspath(name).endswith(path):
            (root / "inner").symlink_to(outside)
        return resolved

    monkeypatch.setattr(regular_file.os.path, "realpath", swap_after_check)
    with pytest.raises((ArtifactNotFound, ArtifactUnreadable)):
        open_artifact_file(root, path)
