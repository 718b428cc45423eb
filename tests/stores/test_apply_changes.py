"""Changes of many runs of a file store use threads only where the store is slow."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest

from qtui.recorder import Library, SetTags
from qtui.store import open_writer
from qtui.store.apply_changes import PROBE_TARGETS, TargetAccess
from qtui.store.changes import Target
from qtui.store.files.writing.writer import FileWriter
from qtui.store.io_timer import IoTimer

RUNS = PROBE_TARGETS + 4


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    uri = f"file:{tmp_path}/mlruns"
    with closing(open_writer(uri)) as writer:
        experiment = writer.create_experiment("alpha")
        for number in range(RUNS):
            writer.create_run(experiment, name=f"run {number}", start_time=number)
    with Library(uri) as library:
        yield library


@pytest.mark.parametrize("is_slow", [True, False])
def test_all_runs_are_changed_with_threads_only_after_slow_ones(
    library: Library, monkeypatch: pytest.MonkeyPatch, is_slow: bool
) -> None:
    threads: list[threading.Thread] = []
    open_target = FileWriter.open_target

    def recording(writer: FileWriter, target: Target) -> AbstractContextManager[TargetAccess]:
        threads.append(threading.current_thread())
        return open_target(writer, target)

    monkeypatch.setattr(FileWriter, "open_target", recording)
    monkeypatch.setattr(IoTimer, "is_io_bound", lambda self, operations: is_slow)
    infos = [info for batch in library.infos() for info in batch.items]
    assert len(library.apply(SetTags(infos, {"team": "red"})).targets) == RUNS
    others = [thread for thread in threads if thread is not threading.main_thread()]
    assert len(others) == (RUNS - PROBE_TARGETS if is_slow else 0)
    runs = [run for batch in library.values(infos) for run in batch.items]
    assert [run.tags["team"] for run in runs] == ["red"] * RUNS
