"""The journal of edits."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from qtui.entities import Run, RunInfo
from qtui.errors import NothingToUndo, StoreLocked, StoreUnwritable
from qtui.recorder import Library, SetTags
from qtui.recorder.editing.journal import Journal
from qtui.store.changes import Change, Target
from qtui.store.memory_writer import MemoryWriter

RUN = RunInfo("a" * 32, "1", "run")


@pytest.fixture
def library() -> Library:
    """Return the library of a store with one run."""
    return Library.over(MemoryWriter((), [Run(RUN)]))


def journal_file(library: Library, suffix: str) -> Path:
    """Return the only file of the journal with a suffix."""
    [path] = Journal.of(library.store).folder.glob(f"*{suffix}")
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]\n[]\n",
        b'{"number": 1}\n',
        b'{"number":"x","time":1,"command":2,"summary":3,"store":4}\n[]',
    ],
)
def test_a_damaged_entry_is_left_out_and_later_edits_are_undone(library: Library, content: bytes) -> None:
    library.apply(SetTags([RUN], {"a": "1"}))
    journal_file(library, ".json").write_bytes(content)
    assert library.journal() == ()
    library.apply(SetTags([RUN], {"b": "1"}))
    assert library.undo().summary == "Undone: Run run tagged b=1"
    with pytest.raises(NothingToUndo):
        library.undo()


def test_an_edit_whose_changes_are_damaged_is_not_passed_over(library: Library) -> None:
    library.apply(SetTags([RUN], {"a": "1"}))
    library.apply(SetTags([RUN], {"b": "1"}))
    path = max(Journal.of(library.store).folder.glob("*.json"))
    path.write_bytes(path.read_bytes().splitlines()[0] + b"\n[1, {}]\n")
    with pytest.raises(NothingToUndo, match="Edit 2 cannot be undone: its file in the journal is damaged"):
        library.undo()
    assert library.undo(1).summary == "Undone: Run run tagged a=1"
    assert library.run(RUN).tags["b"] == "1"


def test_an_edit_is_undone_that_the_journal_could_not_complete(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    steps = library.apply_steps(SetTags([RUN], {"a": "1"}))
    next(steps)
    monkeypatch.setattr(os, "rename", fail)
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value.summary == "Run run tagged a=1"
    with pytest.raises(StoreUnwritable, match="What was changed is recorded"):
        library.undo()
    monkeypatch.undo()
    assert {path.suffix for path in Journal.of(library.store).folder.glob("0*")} == {".json", ".parts"}
    library.undo()
    assert library.run(RUN).tags == {}


def test_a_change_is_recorded_whole_where_the_system_writes_only_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path / "journal", "memory:")
    change = Change((Target("1", "a" * 32),), {"name": "after"}, {"name": "before"})
    entry = journal.add(1, "test", "Run renamed")
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data[:7])))
    with journal.recording(entry) as recording:
        recording.record([change])
    monkeypatch.undo()
    assert journal.parts(entry) == (change,)


def test_an_edit_that_was_killed_before_it_changed_anything_is_undone_alone(library: Library) -> None:
    library.apply(SetTags([RUN], {"a": "1"}))
    Journal.of(library.store).add(0, "screen", "Run run tagged b=1")
    result = library.undo()
    assert (result.summary, result.targets) == ("Nothing was left to be undone: Run run tagged b=1", frozenset())
    assert library.run(RUN).tags == {"a": "1"}
    assert library.undo().summary == "Undone: Run run tagged a=1"
    assert library.run(RUN).tags == {}


def test_an_edit_that_another_process_is_applying_is_not_waited_for(library: Library) -> None:
    journal = Journal.of(library.store)
    entry = journal.add(0, "screen", "Run run tagged b=1")
    with journal.recording(entry), pytest.raises(StoreLocked, match="Another qtui is editing this store"):
        library.undo()
    assert [entry.state for entry in library.journal()] == ["done"]
