"""Download artifacts from every store completely, under their own paths, and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from qtui.entities import Artifact, Listing, Problem, RunInfo, ViewType
from qtui.errors import ArtifactNotFound, BadValue, QtuiError, StoreError, StoreUnwritable, UsageError
from qtui.store import Store
from qtui.store.artifacts.download import download
from qtui.store.artifacts.listing import list_folder
from qtui.store.artifacts.streams import folder_streams
from qtui.store.protocol import ArtifactStream, OpenStream
from qtui.store.search import collect_batches
from tests.stores.content import RUNS
from tests.stores.files.tree import file_contents

FULL = next(run for run in RUNS if run.name == "full")


@pytest.fixture
def info(store: Store) -> RunInfo:
    """Return the run with artifacts."""
    return next(info for info in collect_batches(store.infos(view=ViewType.ALL))[0] if info.name == "full")


def expected(store: Store, prefix: str = "") -> dict[str, bytes]:
    """Return the artifacts; the in-memory store knows only their sizes, not their content."""
    files = {path: content for path, content in FULL.files.items() if path.startswith(prefix)}
    return {path: bytes(len(content)) if store.kind == "memory" else content for path, content in files.items()}


def files_below(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below a folder by its path."""
    return {path.relative_to(folder).as_posix(): content for path, content in file_contents(folder).items()}


def test_a_file_is_saved_under_its_own_path(store: Store, info: RunInfo, tmp_path: Path) -> None:
    assert store.download(info, "sig/ic.pkl", tmp_path / "new" / "here") == tmp_path / "new" / "here" / "sig" / "ic.pkl"
    assert files_below(tmp_path / "new" / "here") == expected(store, "sig/ic.pkl")


def test_a_folder_is_downloaded_with_its_content(store: Store, info: RunInfo, tmp_path: Path) -> None:
    assert store.download(info, "sig", tmp_path) == tmp_path / "sig"
    assert files_below(tmp_path) == expected(store, "sig/")


def test_all_artifacts_are_downloaded(store: Store, info: RunInfo, tmp_path: Path) -> None:
    assert store.download(info, "", tmp_path) == tmp_path
    assert files_below(tmp_path) == expected(store)


def test_a_missing_or_unsafe_path_is_refused(store: Store, info: RunInfo, tmp_path: Path) -> None:
    for path in ("nothing.pkl", "sig/nothing", "nothing/at/all"):
        with pytest.raises(ArtifactNotFound):
            store.download(info, path, tmp_path)
    for path in ("..", "../x", "/etc/passwd", "sig/../../x", "sig//ic.pkl", "./sig"):
        with pytest.raises(BadValue):
            store.download(info, path, tmp_path)
    assert files_below(tmp_path) == {}


def test_an_existing_file_is_overwritten_only_on_request(store: Store, info: RunInfo, tmp_path: Path) -> None:
    (tmp_path / "pred.pkl").write_bytes(b"mine")
    with pytest.raises(UsageError, match="already exists"):
        store.download(info, "pred.pkl", tmp_path)
    assert files_below(tmp_path) == {"pred.pkl": b"mine"}
    store.download(info, "pred.pkl", tmp_path, overwrite=True)
    assert files_below(tmp_path) == expected(store, "pred.pkl")


def folder_lister(root: Path) -> Callable[[str], Listing[Artifact]]:
    """Return a function that lists a folder unchecked."""

    def list_folder(path: str) -> Listing[Artifact]:
        names = sorted(os.listdir(root / path))
        paths = [f"{path}/{name}" if path else name for name in names]
        return Listing(tuple(Artifact(path, (root / path).is_dir()) for path in paths))

    return list_folder


def download_error(root: Path, target: Path) -> str:
    """Return the message of the error when everything in a folder is downloaded."""
    with pytest.raises(QtuiError) as error:
        download("", target, folder_lister(root), folder_streams(root), overwrite=False)
    return str(error.value)


def test_a_file_that_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    root, target, secret = tmp_path / "artifacts", tmp_path / "target", tmp_path / "secret"
    root.mkdir()
    secret.write_bytes(b"secret")
    for name in ("a.pkl", "line\nbreak", "z.pkl"):
        (root / name).write_bytes(b"x")
    (root / "out").symlink_to(secret)
    (root / "nowhere").symlink_to(tmp_path / "nothing")
    os.mkfifo(root / "pipe")
    message = download_error(root, target)
    assert "is incomplete" in message
    assert files_below(target) == {"a.pkl": b"x", "z.pkl": b"x"}


def test_a_broken_link_is_reported_once(tmp_path: Path) -> None:
    root, target = tmp_path / "artifacts", tmp_path / "target"
    root.mkdir()
    (root / "a").write_bytes(b"x")
    (root / "lost").symlink_to("nothing")
    with pytest.raises(StoreError) as error:
        download(
            "", target, lambda path: list_folder(root, path, RunInfo("r", "1")), folder_streams(root), overwrite=False
        )
    assert str(error.value) == f"The download to {target} is incomplete: {root}/lost is a broken link."
    assert files_below(target) == {"a": b"x"}


def test_an_unlistable_folder_is_reported(tmp_path: Path) -> None:
    level = Listing((Artifact("a", False),), (Problem("sub", "cannot be read: denied"),))
    with pytest.raises(StoreError, match="sub cannot be read"):
        download("", tmp_path, lambda path: level, sending(b""), overwrite=False)


def test_links_in_the_destination_are_not_followed(tmp_path: Path) -> None:
    root, target, outside = tmp_path / "artifacts", tmp_path / "target", tmp_path / "outside"
    for folder in (root / "sub", target, outside):
        folder.mkdir(parents=True)
    (root / "sub" / "x").write_bytes(b"x")
    (root / "y").write_bytes(b"y")
    (target / "sub").symlink_to(outside)
    (target / "y").symlink_to(outside / "y")
    assert "already exists" in download_error(root, target)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("sent", [b"", b"half", b"more than there is"])
def test_a_file_of_the_wrong_size_is_not_saved(tmp_path: Path, sent: bytes) -> None:
    listing = Listing((Artifact("model.bin", False, 8),))
    with pytest.raises(StoreError, match="instead of 8"):
        download("model.bin", tmp_path, lambda path: listing, sending(sent), overwrite=False)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_no_partial_file(tmp_path: Path) -> None:
    def fail() -> Iterator[bytes]:
        yield b"some of it"
        raise OSError(28, "No space left on device")

    listing = Listing((Artifact("model.bin", False, 8),))
    with pytest.raises(StoreUnwritable, match="No space left"):
        download("model.bin", tmp_path, lambda path: listing, sending(fail()), overwrite=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["..", "a/../../b", "/etc/x", "C:\\x", "a\x1b[2J", "x" * 256, "a\x00b", ""])
def test_an_unsafe_name_is_not_saved(tmp_path: Path, name: str) -> None:
    listing = Listing((Artifact(name, False, 1), Artifact("good", False, 1)))
    target = tmp_path / "deep" / "target"
    with pytest.raises(QtuiError):
        download("", target, lambda path: listing, sending(b"x"), overwrite=False)
    assert files_below(tmp_path) == {"deep/target/good": b"x"}


def test_a_folder_that_contains_itself_ends(tmp_path: Path) -> None:
    def list_folder(path: str) -> Listing[Artifact]:
        return Listing((Artifact(f"{path}/a" if path else "a", True),))

    with pytest.raises(StoreError, match="more than 64 folders deep"):
        download("", tmp_path, list_folder, sending(b""), overwrite=False)


@dataclass
class StreamOfChunks:
    """A stream that sends these chunks, whatever its listed size."""

    content: Iterable[bytes]
    size = version = modified_ns = None

    def start(self, offset: int) -> int:
        return 0

    def chunks(self) -> Iterator[bytes]:
        yield from self.content


def sending(content: bytes | Iterable[bytes]) -> OpenStream:
    """Return a function that opens any artifact with this content."""
    stream: ArtifactStream = StreamOfChunks([content] if isinstance(content, bytes) else content)
    return lambda artifact: nullcontext(stream)
