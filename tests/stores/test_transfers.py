"""A transfer that is killed, cancelled or out of space leaves a complete file or a part that the next one continues."""

from __future__ import annotations

import itertools
import os
import random
import resource
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from qtui.entities import RunInfo
from qtui.errors import QtuiError, StoreUnwritable
from qtui.recorder import Library
from qtui.store import ArtifactRoot, dirfd
from qtui.store.artifacts import download, part_file, streams
from qtui.store.artifacts.download import Progress, Transfer, transfer_text
from qtui.store.memory import MemoryStore
from qtui.store.protocol import OpenStream

RUN, OTHER = RunInfo("a" * 32, "1"), RunInfo("b" * 32, "1")
CONTENT = random.Random(7).randbytes(300_000)
CHUNK = 10_000


class FolderStore(MemoryStore):
    """A store with the artifacts of every run in one local folder."""

    def __init__(self, folder: Path, sizes: dict[str, int]) -> None:
        super().__init__(artifacts={RUN.run_id: sizes, OTHER.run_id: sizes})
        self.folder = folder

    def artifact_root(self, info: RunInfo) -> ArtifactRoot:
        return ArtifactRoot(str(self.folder), self.folder)

    def artifact_streams(self, info: RunInfo) -> OpenStream:
        return streams.folder_streams(self.folder)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Return a library whose runs have a file of 30 chunks and a small one."""
    monkeypatch.setattr(streams, "CHUNK_BYTES", CHUNK)
    folder = tmp_path / "artifacts"
    folder.mkdir()
    (folder / "model.bin").write_bytes(CONTENT)
    (folder / "notes.md").write_bytes(b"notes")
    return Library.over(FolderStore(folder, {"model.bin": len(CONTENT), "notes.md": 5}))


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Return the destination."""
    return tmp_path / "target"


def run_all(transfer: Transfer) -> list[Progress]:
    """Run a transfer to its end and return its progress."""
    return list(transfer.run())


def contents(folder: Path) -> dict[str, bytes]:
    """Return the content of every file by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def parts(folder: Path) -> list[bytes]:
    """Return the contents of the parts."""
    return [content for name, content in contents(folder).items() if name.endswith(".part")]


def test_a_cancelled_transfer_is_continued(library: Library, target: Path) -> None:
    steps = library.download(RUN, "model.bin", target).run()
    for _ in range(5):
        next(steps)
    steps.close()
    assert parts(target) == [CONTENT[: 5 * CHUNK]]
    progress = run_all(library.download(RUN, "model.bin", target))
    assert progress[0].bytes_done == 6 * CHUNK
    assert progress[-1].bytes_copied == len(CONTENT) - 5 * CHUNK
    assert contents(target) == {"model.bin": CONTENT}


def test_a_part_of_a_changed_file_is_not_continued(library: Library, target: Path, tmp_path: Path) -> None:
    steps = library.download(RUN, "model.bin", target).run()
    next(steps)
    steps.close()
    (tmp_path / "artifacts" / "model.bin").write_bytes(CONTENT[::-1])
    run_all(library.download(RUN, "model.bin", target))
    assert (target / "model.bin").read_bytes() == CONTENT[::-1]


def test_a_part_of_another_run_is_not_continued(library: Library, target: Path) -> None:
    steps = library.download(RUN, "model.bin", target).run()
    next(steps)
    steps.close()
    progress = run_all(library.download(OTHER, "model.bin", target))
    assert progress[-1].bytes_copied == len(CONTENT)


def test_progress_counts_files_bytes_rate_and_remaining_time(library: Library, target: Path) -> None:
    transfer = library.download(RUN, "", target)
    seconds = itertools.count()
    transfer._clock = lambda: float(next(seconds))
    progress = run_all(transfer)
    first, last = progress[0], progress[-1]
    assert (first.files_done, first.files, first.bytes_done, first.size) == (0, 2, CHUNK, len(CONTENT) + 5)
    assert first.rate == CHUNK
    assert first.text == "0 of 2 files, 10 kB of 300 kB, 10 kB/s, 29s left: model.bin"
    assert (last.files_done, last.bytes_done) == (2, len(CONTENT) + 5)


def test_files_of_several_runs_go_into_a_folder_for_each(library: Library, target: Path) -> None:
    run_all(library.download([RUN, OTHER], "notes.md", target))
    assert sorted(str(path.relative_to(target)) for path in target.rglob("*.md")) == [
        f"{RUN.run_id}/notes.md",
        f"{OTHER.run_id}/notes.md",
    ]


def test_a_complete_copy_is_not_downloaded_again_and_another_file_is_kept(library: Library, target: Path) -> None:
    run_all(library.download(RUN, "", target))
    (target / "notes.md").write_bytes(b"mine!")
    transfer = library.download(RUN, "", target)
    assert transfer.existing() == ("notes.md",)
    progress = run_all(transfer)
    assert progress[-1].bytes_copied == 0
    assert [file.target for file in transfer.present] == ["model.bin"]
    assert [failure.path for failure in transfer.failures] == ["notes.md"]
    assert contents(target) == {"model.bin": CONTENT, "notes.md": b"mine!"}


def test_a_link_in_the_place_of_the_part_is_not_followed(library: Library, target: Path, tmp_path: Path) -> None:
    steps = library.download(RUN, "model.bin", target).run()
    next(steps)
    steps.close()
    part = next(target.iterdir())
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    part.unlink()
    os.link(victim, part)
    run_all(library.download(RUN, "model.bin", target))
    part.symlink_to(victim)
    with pytest.raises(QtuiError):
        transfer = library.download(RUN, "model.bin", target, overwrite=True)
        run_all(transfer)
        transfer.check()
    assert victim.read_bytes() == b"mine"


def test_two_downloads_of_a_file_do_not_mix(library: Library, target: Path) -> None:
    steps = library.download(RUN, "model.bin", target).run()
    next(steps)
    second = library.download(RUN, "model.bin", target)
    run_all(second)
    with pytest.raises(StoreUnwritable, match="Another download of this file is running"):
        second.check()
    for _ in steps:
        pass
    assert contents(target) == {"model.bin": CONTENT}


def test_a_file_that_does_not_fit_the_disk_is_refused_before_it_is_written(
    library: Library, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "free_bytes", lambda folder: 1000)
    transfer = library.download(RUN, "", target)
    run_all(transfer)
    assert "300,000 bytes" in str(transfer.failures[0].error)
    assert contents(target) == {"notes.md": b"notes"}


def in_child(work: Callable[[], object]) -> int:
    """Run a function in a child process, and return its exit status: negative for a signal."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_full_disk_leaves_nothing_of_the_file(library: Library, target: Path) -> None:
    def fill() -> None:
        # Without the limit of a real disk: the system refuses to write beyond this size.
        resource.setrlimit(resource.RLIMIT_FSIZE, (95_000, 95_000))
        transfer = library.download(RUN, "", target)
        run_all(transfer)
        assert "300,000 bytes" in str(transfer.failures[0].error)

    assert in_child(fill) == 0
    assert contents(target) == {"notes.md": b"notes"}
    run_all(library.download(RUN, "", target))
    assert contents(target) == {"model.bin": CONTENT, "notes.md": b"notes"}


SYSTEM_CALLS = ("write", "ftruncate", "lseek", "utime", "fsync", "link", "unlink")


def counted_calls(monkeypatch: pytest.MonkeyPatch, kill_at: int | None) -> Iterator[int]:
    """Count the system calls of a transfer; before the call with this number the process is killed."""
    numbers = itertools.count()

    class CountingOs:
        def __getattr__(self, name: str) -> object:
            function = getattr(os, name)
            if name not in SYSTEM_CALLS:
                return function

            def call(*args: object, **options: object) -> object:
                if next(numbers) == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)
                return function(*args, **options)

            return call

    counting = CountingOs()
    monkeypatch.setattr(part_file, "os", counting)
    monkeypatch.setattr(dirfd, "os", counting)
    return numbers


def test_a_transfer_that_is_killed_anywhere_is_completed_by_the_next(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        calls = counted_calls(patch, None)
        run_all(library.download(RUN, "model.bin", tmp_path / "counted"))
        total = next(calls)
    assert total > 30
    for number in {*random.Random(11).sample(range(total), 16), total - 4, total - 3, total - 2, total - 1}:
        target = tmp_path / f"killed at {number}"
        with monkeypatch.context() as patch:
            counted_calls(patch, number)
            assert in_child(partial(list, library.download(RUN, "model.bin", target).run())) == -signal.SIGKILL
        for name, content in contents(target).items():
            assert content == CONTENT if name == "model.bin" else CONTENT.startswith(content)
        transfer = library.download(RUN, "model.bin", target)
        run_all(transfer)
        transfer.check()
        assert contents(target) == {"model.bin": CONTENT}


def test_hidden_files_are_left_out_on_request(target: Path, tmp_path: Path) -> None:
    folder = tmp_path / "artifacts"
    (folder / ".ssh").mkdir(parents=True)
    sizes = {".bashrc": 4, ".ssh/authorized_keys": 4, "notes.md": 4}
    for name in sizes:
        (folder / name).write_bytes(b"text")
    library = Library.over(FolderStore(folder, sizes))
    transfer = library.download(RUN, "", target)
    assert [file.target for file in transfer.leave_out_hidden()] == [".bashrc", ".ssh/authorized_keys"]
    run_all(transfer)
    assert contents(target) == {"notes.md": b"text"}
    assert library.download(RUN, ".bashrc", target).leave_out_hidden() == ()


def test_the_time_left_is_named_until_all_bytes_are_copied() -> None:
    assert transfer_text(500, 1_000, 100.0) == "500 B of 1.0 kB, 100 B/s, 5s left"
    assert transfer_text(1_000, 1_000, 100.0) == "1.0 kB of 1.0 kB, 100 B/s"
    assert transfer_text(10, None, None) == "10 B"
