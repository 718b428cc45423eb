"""Edits that are killed, and edits at the same time: nothing is lost, and every run is whole."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from qtui.entities import NOTE_TAG, RUN_NAME_TAG
from qtui.errors import StoreUnwritable
from qtui.recorder import Library, Rename, SetNote
from qtui.store import open_writer
from tests.stores.conftest import ROOT, run_module
from tests.stores.processes import run_together, start_task

START = 1_700_000_000_000


@pytest.mark.parametrize("kind", ["files", "sqlite"])
def test_after_a_kill_at_any_moment_every_run_is_whole_and_the_edit_is_undone(
    kind: str, request: pytest.FixtureRequest
) -> None:
    kills = 200
    uri = request.getfixturevalue(f"new_{kind}_uri")
    command = run_module("tests.stores.edit_crashes", uri, str(kills))
    ended = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) >= kills


@pytest.mark.parametrize(("kind", "rounds"), [("files", 500), ("sqlite", 250)])
def test_two_editors_and_a_logging_run_at_the_same_time_lose_nothing(
    kind: str, rounds: int, request: pytest.FixtureRequest
) -> None:
    uri = request.getfixturevalue(f"new_{kind}_uri")
    writer = open_writer(uri)
    info = writer.create_run(writer.create_experiment("busy"), name="r", start_time=START)
    writer.close()
    tasks = [start_task("edit_run", uri, info.run_id, editor, rounds) for editor in ("first", "second")]
    assert run_together([*tasks, start_task("log_and_finish", uri, info.run_id, rounds)]) == ["done"] * 3
    with Library(uri) as library:
        run = library.run(info.run_id)
        history, problems = library.history(info, "m")
        assert (len(history), problems) == (rounds, ())
        assert (run.info.status, run.info.end_time) == ("FINISHED", START + rounds - 1)
        assert run.info.name == run.tags[RUN_NAME_TAG]
        expected = {f"{name}-{number}" for name in ("first", "second", "logged") for number in range(rounds)}
        assert expected <= run.tags.keys()
        assert {entry.state for entry in library.journal()} == {"done"}


def test_the_journal_is_private_bounded_and_survives_damage(new_files_uri: str, own_world: Path) -> None:
    writer = open_writer(new_files_uri)
    info = writer.create_run(writer.create_experiment("e"), name="r", start_time=START)
    with Library(new_files_uri) as library:
        for number in range(205):
            library.apply(SetNote([info], f"{number}"))
        assert len(library.journal()) == 200
        [folder] = (own_world / "state" / "qtui" / "journal").iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700
        assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
        newest = max(folder.glob("*.json"))
        newest.write_text("{")
        library.undo()
        assert library.run(info.run_id).tags.get(NOTE_TAG) == "204"
        assert len(library.journal()) == 199


def test_a_journal_that_cannot_be_written_refuses_the_edit(new_files_uri: str, own_world: Path) -> None:
    writer = open_writer(new_files_uri)
    info = writer.create_run(writer.create_experiment("e"), name="r", start_time=START)
    (own_world / "state" / "qtui").mkdir()
    (own_world / "state" / "qtui" / "journal").write_text("in the way")
    with Library(new_files_uri) as library:
        with pytest.raises(StoreUnwritable, match="Nothing was changed"):
            library.apply(Rename([info], "x"))
        assert library.run(info.run_id).info.name == "r"


def test_two_libraries_share_the_journal(new_files_uri: str) -> None:
    writer = open_writer(new_files_uri)
    info = writer.create_run(writer.create_experiment("e"), name="r", start_time=START)
    with Library(new_files_uri) as first, Library(new_files_uri) as second:
        first.apply(Rename([info], "x"), command="qtui rename")
        assert [(entry.command, entry.count) for entry in second.journal()] == [("qtui rename", 1)]
        second.undo()
        assert first.run(info.run_id).info.name == "r"
        first.redo()
        assert second.run(info.run_id).info.name == "x"
