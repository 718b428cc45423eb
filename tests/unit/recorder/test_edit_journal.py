"""The journal of edits."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qtui.recorder.editing.journal import Journal
from qtui.store.changes import Change, Target


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
