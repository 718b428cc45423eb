"""Edits in a real terminal."""

from __future__ import annotations

import os
from pathlib import Path

from qtui.entities import NOTE_TAG, ExperimentInfo, Run, RunInfo
from qtui.recorder import Library
from qtui.store.files.writing.sample import write_experiment, write_run
from tests.pty.terminal import Terminal

RUN_ID = "a" * 32


def test_a_note_is_edited_in_the_users_editor_and_the_screen_comes_back(tmp_path: Path) -> None:
    store = tmp_path / "mlruns"
    folder = write_experiment(store, ExperimentInfo("1", "alpha", artifact_location="1"))
    write_run(folder, Run(RunInfo(RUN_ID, "1", "first", start_time=1), tags={NOTE_TAG: "one"}), {}, {})
    editor = tmp_path / "note-editor"
    editor.write_text('#!/bin/sh\necho "editing $(cat "$2") $1"\nread answer\nprintf "%s" "$answer 日本" >> "$2"\n')
    editor.chmod(0o700)
    environment = {"EDITOR": "note-editor --wait", "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    with Terminal(["-m", "qtui", "--uri", str(store)], columns=100, lines=30, environment=environment) as terminal:
        terminal.wait_until_loaded("first")
        terminal.press("n")
        terminal.wait_for("open in $EDITOR")
        terminal.press("ctrl+e")
        terminal.wait_for("editing one --wait")
        terminal.press(*", and two", "enter")
        terminal.wait_for("one, and two 日本")
        editor.unlink()
        terminal.press("ctrl+e")
        terminal.wait_for("note-editor cannot be started")
        terminal.press("ctrl+s")
        terminal.wait_for("Note of run first changed")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored
    with Library(str(store)) as library:
        assert library.run(RUN_ID).tags[NOTE_TAG] == "one, and two 日本"
