"""Artifacts come out of every store whole, under their own paths, and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from qtui.entities import Artifact, Listing, Problem, RunInfo, View
from qtui.errors import ArtifactNotFound, BadValue, QtuiError, StoreError, StoreUnwritable, UsageError
from qtui.store import Store
from qtui.store.artifacts.download import download, from_folder
from qtui.store.search import gathered
from tests.stores.content import RUNS
from tests.stores.files.tree import file_contents

FULL = next(run for run in RUNS if run.name == "full")


@pytest.fixture
def info(store: Store) -> RunInfo:
    """The run with artifacts."""
    return next(info for info in gathered(store.infos(view=View.ALL))[0] if info.name == "full")


def expected(store: Store, prefix: str = "") -> dict[str, bytes]:
    """What there is to be brought; the double knows how long its artifacts are, not what is in them."""
    files = {path: content for path, content in FULL.files.items() if path.startswith(prefix)}
    return {path: bytes(len(content)) if store.kind == "memory" else content for path, content in files.items()}


def found(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path."""
    return {path.relative_to(folder).as_posix(): content for path, content in file_contents(folder).items()}


def test_a_file_comes_under_its_own_path(store: Store, info: RunInfo, tmp_path: Path) -> None:
    assert store.download(info, "sig/ic.pkl", tmp_path / "new" / "here") == tmp_path / "new" / "here" / "sig" / "ic.pkl"
    assert found(tmp_path / "new" / "here") == expected(store, "sig/ic.pkl")


def test_a_folder_comes_with_all_that_is_in_it(store: Store, info: RunInfo, tmp_path: Path) -> None:
    assert store.download(info, "sig", tmp_path) == tmp_path / "sig"
    assert found(tmp_path) == expected(store, "sig/")


def test_everything_comes(store: Store, info: RunInfo, tmp_path: Path) -> None:
    assert store.download(info, "", tmp_path) == tmp_path
    assert found(tmp_path) == expected(store)


def test_what_is_not_there_is_not_found(store: Store, info: RunInfo, tmp_path: Path) -> None:
    for path in ("nothing.pkl", "sig/nothing", "nothing/at/all"):
        with pytest.raises(ArtifactNotFound):
            store.download(info, path, tmp_path)
    for path in ("..", "../x", "/etc/passwd", "sig/../../x", "sig//ic.pkl", "./sig"):
        with pytest.raises(BadValue):
            store.download(info, path, tmp_path)
    assert found(tmp_path) == {}


def test_nothing_is_written_over_unless_it_may_be(store: Store, info: RunInfo, tmp_path: Path) -> None:
    (tmp_path / "pred.pkl").write_bytes(b"mine")
    with pytest.raises(UsageError, match="there already"):
        store.download(info, "pred.pkl", tmp_path)
    assert found(tmp_path) == {"pred.pkl": b"mine"}
    store.download(info, "pred.pkl", tmp_path, overwrite=True)
    assert found(tmp_path) == expected(store, "pred.pkl")


def folder_of(root: Path) -> Callable[[str], Listing[Artifact]]:
    """Lists a folder as it is, with whatever is in it."""

    def level(path: str) -> Listing[Artifact]:
        names = sorted(os.listdir(root / path))
        paths = [f"{path}/{name}" if path else name for name in names]
        return Listing(tuple(Artifact(each, (root / each).is_dir()) for each in paths))

    return level


def brought(root: Path, target: Path) -> str:
    """What is said when all that is in a folder is brought."""
    with pytest.raises(QtuiError) as error:
        download("", target, folder_of(root), from_folder(root), overwrite=False)
    return str(error.value)


def test_one_that_cannot_be_brought_does_not_lose_the_others(tmp_path: Path) -> None:
    root, target, secret = tmp_path / "artifacts", tmp_path / "target", tmp_path / "secret"
    root.mkdir()
    secret.write_bytes(b"secret")
    for name in ("a.pkl", "line\nbreak", "z.pkl"):
        (root / name).write_bytes(b"x")
    (root / "out").symlink_to(secret)
    (root / "nowhere").symlink_to(tmp_path / "nothing")
    os.mkfifo(root / "pipe")
    said = brought(root, target)
    assert "but not all could" in said
    assert found(target) == {"a.pkl": b"x", "z.pkl": b"x"}


def test_what_cannot_be_listed_is_told(tmp_path: Path) -> None:
    level = Listing((Artifact("a", False),), (Problem("sub", "cannot be read: denied"),))
    with pytest.raises(StoreError, match="sub cannot be read"):
        download("", tmp_path, lambda path: level, lambda path, file: None, overwrite=False)


def test_nothing_lands_behind_a_link(tmp_path: Path) -> None:
    root, target, outside = tmp_path / "artifacts", tmp_path / "target", tmp_path / "outside"
    for each in (root / "sub", target, outside):
        each.mkdir(parents=True)
    (root / "sub" / "x").write_bytes(b"x")
    (root / "y").write_bytes(b"y")
    (target / "sub").symlink_to(outside)
    (target / "y").symlink_to(outside / "y")
    assert "there already" in brought(root, target)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("sent", [b"", b"half", b"more than there is"])
def test_a_file_that_came_short_is_no_file(tmp_path: Path, sent: bytes) -> None:
    listing = Listing((Artifact("model.bin", False, 8),))
    with pytest.raises(StoreError, match="where it has 8"):
        download("model.bin", tmp_path, lambda path: listing, lambda path, file: writes(file, sent), overwrite=False)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_no_torso(tmp_path: Path) -> None:
    def fill(path: str, descriptor: int) -> None:
        os.write(descriptor, b"some of it")
        raise OSError(28, "No space left on device")

    listing = Listing((Artifact("model.bin", False, 8),))
    with pytest.raises(StoreUnwritable, match="No space left"):
        download("model.bin", tmp_path, lambda path: listing, fill, overwrite=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["..", "a/../../b", "/etc/x", "C:\\x", "a\x1b[2J", "x" * 256, "a\x00b", ""])
def test_a_server_cannot_send_a_file_anywhere_else(tmp_path: Path, name: str) -> None:
    listing = Listing((Artifact(name, False, 1), Artifact("good", False, 1)))
    target = tmp_path / "deep" / "target"
    with pytest.raises(QtuiError):
        download("", target, lambda path: listing, lambda path, file: writes(file, b"x"), overwrite=False)
    assert found(tmp_path) == {"deep/target/good": b"x"}


def test_a_folder_in_itself_comes_to_an_end(tmp_path: Path) -> None:
    def level(path: str) -> Listing[Artifact]:
        return Listing((Artifact(f"{path}/a" if path else "a", True),))

    with pytest.raises(StoreError, match="nested too deeply"):
        download("", tmp_path, level, lambda path, file: None, overwrite=False)


def writes(descriptor: int, data: bytes) -> None:
    """Write into an open file."""
    os.write(descriptor, data)
