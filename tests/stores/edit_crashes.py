"""Kill edits at many moments, and check the store after each: called as a process, which forks one that is killed.

The arguments are the address of a store and the least number of kills. Prints the number of kills.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from qtui import settings
from qtui.entities import RUN_NAME_TAG, Run, RunInfo, ViewType
from qtui.errors import NothingToUndo
from qtui.recorder import Library
from qtui.store import open_writer
from qtui.store.edits import Delete, DropTags, Edit, Rename, SetStatus, SetTags
from qtui.store.files.writing.run_directory import STAGED_PREFIX
from qtui.store.writer import Batch

SYSTEM_CALLS = ("open", "write", "rename", "unlink", "fsync", "mkdir")
START = 1_700_000_000_000


def create_runs(uri: str, number: int) -> list[RunInfo]:
    """Create an experiment with runs that have a tag."""
    writer = open_writer(uri)
    experiment = writer.create_experiment("killed")
    runs = [writer.create_run(experiment, name="old", start_time=START) for _ in range(number)]
    for info in runs:
        writer.log(info, Batch(tags={"old": "1"}))
    writer.close()
    return runs


def edits(runs: list[RunInfo]) -> list[Edit]:
    """Return edits of several kinds."""
    return [
        SetTags(runs, {"a": "1", "b/c": "2"}),
        Rename(runs, "new"),
        DropTags(runs, ["old"]),
        SetStatus(runs, "KILLED", START + 1),
        Delete(runs),
    ]


def content(library: Library) -> list[Run]:
    """Return all runs with their values."""
    infos = [info for batch in library.infos(view=ViewType.ALL) for info in batch.items]
    return [run for batch in library.values(infos) for run in batch.items]


def stored(uri: str) -> object:
    """Return the bytes of all files of a file store, or the rows of an SQLite database."""
    if uri.startswith("file:"):
        paths = [path for path in Path(uri.removeprefix("file:")).rglob("*") if path.is_file()]
        return {path: path.read_bytes() for path in paths if not path.name.startswith(STAGED_PREFIX)}
    with closing(sqlite3.connect(uri.removeprefix("sqlite:///"))) as connection:
        return [sorted(connection.execute(f"SELECT * FROM {table}")) for table in ("runs", "tags")]


def run_killed(library: Library, runs: list[RunInfo], arm: Callable[[], None]) -> bool:
    """Apply the edits in a process that `arm` prepares to be killed; return whether it was."""
    pid = os.fork()
    if pid == 0:
        arm()
        library.apply(*edits(runs))
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


def kill_at_call(number: int) -> None:
    """Kill this process before its next system call of this number."""
    calls = count(1)

    def killing(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            if next(calls) == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **options)

        return call

    for name in SYSTEM_CALLS:
        setattr(os, name, killing(getattr(os, name)))


def kill_after(seconds: float) -> None:
    """Let the kernel end this process after a time, without a chance to clean up."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-6))


def check_whole(runs: list[Run]) -> None:
    """Check that no run has a part of one of the edits."""
    for run in runs:
        assert ("a" in run.tags) == ("b/c" in run.tags), run
        assert run.info.name == run.tags[RUN_NAME_TAG], run
        assert (run.info.status == "KILLED") == (run.info.end_time is not None), run


def is_unchanged(library: Library, before: object, number: int) -> bool:
    """Check that all runs are listed; return whether the transaction was rolled back, so that another can follow."""
    assert sum(len(batch.items) for batch in library.infos(view=ViewType.ALL)) == number
    return stored(library.uri) == before


def check(library: Library, before: object, number: int, *, edit_first: bool) -> None:
    """Check that all runs are listed, and that undo restores them; an edit in between must leave every run whole."""
    runs = content(library)
    assert len(runs) == number
    if edit_first:
        library.apply(SetTags([runs[-1].info], {"other": "1"}))
        check_whole(content(library))
        library.undo()
    try:
        while True:
            assert library.undo().failures == ()
    except NothingToUndo:
        pass
    assert stored(library.uri) == before
    # A long journal would take most of the time.
    shutil.rmtree(settings.state_dir() / "journal", ignore_errors=True)


def main(uri: str, least: int) -> int:
    """Kill edits at every system call of a file store, or at random moments of a database; return the number."""
    is_files = uri.startswith("file:")
    runs = create_runs(uri, 5 if is_files else 6)
    before = stored(uri)
    moments = random.Random(1)
    with Library(uri) as library:
        # The library is used before the processes are forked from this one, so that they do little else than edit.
        library.apply(*edits(runs))
        check(library, before, len(runs), edit_first=True)
        started = time.perf_counter()
        assert not run_killed(library, runs, lambda: None)
        duration = time.perf_counter() - started
        check(library, before, len(runs), edit_first=False)
        kills = 0
        for number in count(1):
            if is_files:
                was_killed = run_killed(library, runs, lambda number=number: kill_at_call(number))
            else:
                delay = moments.uniform(0, duration)
                was_killed = run_killed(library, runs, lambda delay=delay: kill_after(delay))
            kills += was_killed
            if not is_files and number % 4 and is_unchanged(library, before, len(runs)):
                continue
            check(library, before, len(runs), edit_first=number % (2 if is_files else 8) == 0)
            if (is_files and not was_killed) or (not is_files and kills >= least):
                return kills
    raise AssertionError


if __name__ == "__main__":
    print(main(sys.argv[1], int(sys.argv[2])))
