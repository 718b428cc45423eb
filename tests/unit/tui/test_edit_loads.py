"""An edit in the background: its result, its refusal, and what is left when it is stopped."""

from __future__ import annotations

import os
import socket
from threading import Event

from qtui.entities import PROCESS_TAG, Run, RunInfo, ViewType
from qtui.recorder import Delete, Library
from qtui.store.changes import targets_of
from qtui.store.memory_writer import MemoryWriter
from qtui.tui.load.edits import (
    MAX_RUNS_PER_MESSAGE,
    EditedRunsLoaded,
    EditFailed,
    EditFinished,
    finish_steps,
    load_edit,
    load_edited_runs,
)
from qtui.tui.load.run_list import RunsRequest
from qtui.tui.messages import FinishRequested

RUNS = [RunInfo(f"{number:032x}", "1", f"run-{number}") for number in range(3)]


def test_an_edit_that_is_cancelled_says_what_it_changed() -> None:
    library, cancel = Library.over(MemoryWriter((), list(map(Run, RUNS)))), Event()
    cancel.set()
    [message] = load_edit(lambda edits: edits.apply([Delete(RUNS)], "screen"), library, "deleting", cancel)
    assert isinstance(message, EditFinished) and message.result.was_cancelled
    assert message.result.summary == "Nothing was changed"
    assert {library.find_run(info.run_id).lifecycle_stage for info in RUNS} == {"active"}


def test_an_edit_that_is_refused_gives_the_reason() -> None:
    library = Library.over(MemoryWriter(), read_only=True)
    [message] = load_edit(lambda edits: edits.undo(), library, "undoing", Event())
    assert isinstance(message, EditFailed) and message.reason == "The store is open read-only (--read-only)."


def test_edited_runs_that_left_the_view_are_gone_and_the_others_have_their_values() -> None:
    library = Library.over(MemoryWriter((), [Run(info, tags={"team": "red"}) for info in RUNS]))
    [finished] = load_edit(lambda edits: edits.apply([Delete(RUNS[:1])], "screen"), library, "deleting", Event())
    assert isinstance(finished, EditFinished) and len(finished.result.targets) == 1
    edited = dict.fromkeys(targets_of(RUNS[:2]), "")
    [loaded] = load_edited_runs(library, RunsRequest(None, ViewType.ACTIVE), edited)
    assert isinstance(loaded, EditedRunsLoaded) and loaded.gone == {RUNS[0].run_id}
    assert [dict(run.tags) for run in loaded.runs] == [{"team": "red"}]


def test_many_edited_runs_come_in_messages_that_are_quick_to_show() -> None:
    runs = [RunInfo(f"{number:032x}", "1", f"run-{number}") for number in range(MAX_RUNS_PER_MESSAGE + 2)]
    library = Library.over(MemoryWriter((), list(map(Run, runs[1:]))))
    edited = dict.fromkeys(targets_of(runs), "")
    first, last = load_edited_runs(library, RunsRequest(None, ViewType.ACTIVE), edited)
    assert isinstance(first, EditedRunsLoaded) and isinstance(last, EditedRunsLoaded)
    assert {run.info.run_id for run in (*first.runs, *last.runs)} == {info.run_id for info in runs[1:]}
    assert max(len(first.runs), len(last.runs)) == MAX_RUNS_PER_MESSAGE
    assert (first.gone, last.gone) == ({runs[0].run_id}, frozenset())
    assert (first.run_ids, last.run_ids) == (frozenset(), {info.run_id for info in runs})


def test_runs_that_an_edit_moved_to_another_view_are_not_read_again() -> None:
    library = Library.over(MemoryWriter((), list(map(Run, RUNS))))
    [finished] = load_edit(lambda edits: edits.apply([Delete(RUNS[:2])], "screen"), library, "deleting", Event())
    assert isinstance(finished, EditFinished)
    moved, deleted = finished.result.stages, Library.over(MemoryWriter())
    assert dict(moved) == dict.fromkeys(targets_of(RUNS[:2]), "deleted")
    [loaded] = load_edited_runs(deleted, RunsRequest(None, ViewType.ACTIVE), moved)
    assert isinstance(loaded, EditedRunsLoaded) and loaded.gone == {info.run_id for info in RUNS[:2]}
    [loaded] = load_edited_runs(library, RunsRequest(None, ViewType.ALL), moved)
    assert isinstance(loaded, EditedRunsLoaded) and [run.info.lifecycle_stage for run in loaded.runs] == ["deleted"] * 2


def test_a_stale_run_whose_process_exists_is_not_ended() -> None:
    process = {PROCESS_TAG: f"{socket.gethostname()}:{os.getpid()}"}
    library = Library.over(MemoryWriter((), [Run(RUNS[0], tags=process), Run(RUNS[1])]))

    def end(run: RunInfo) -> object:
        [message] = load_edit(
            lambda edits: finish_steps(edits, library, FinishRequested((run,), "KILLED")), library, "ending", Event()
        )
        return message

    refused = end(RUNS[0])
    assert isinstance(refused, EditFailed) and "process still exists" in refused.reason
    assert isinstance(end(RUNS[1]), EditFinished)
    assert [library.find_run(run.run_id).status for run in RUNS[:2]] == ["RUNNING", "KILLED"]
