"""Large edits in a helper process: the same result as in this one, progress, cancellation and errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from qtui.cancellation import cancelled_when
from qtui.entities import ExperimentInfo, Run, RunInfo, ViewType
from qtui.errors import BadValue, NothingToUndo, ReadOnly
from qtui.recorder import Library
from qtui.recorder.background_edits import MAX_RUNS_IN_THREAD, BackgroundEdits, steps_in_process
from qtui.recorder.library import run_steps
from qtui.store import open_store, open_writer
from qtui.store.addresses import combined_uri
from qtui.store.edits import Delete, SetTags
from qtui.store.files.writing.sample import write_experiment, write_run

START = 1_700_000_000_000


def counts(library: Library) -> tuple[int, int]:
    """Return the number of active and of deleted runs."""
    views = (ViewType.ACTIVE, ViewType.DELETED)
    active, deleted = (sum(len(batch.items) for batch in library.infos(view=view)) for view in views)
    return active, deleted


def test_many_runs_are_deleted_and_restored_with_progress(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path / "mlruns", ExperimentInfo("1", "many", artifact_location="1"))
    many = MAX_RUNS_IN_THREAD + 10
    runs = [RunInfo(f"{number:032x}", "1", f"run {number}", start_time=START) for number in range(many)]
    for info in runs:
        write_run(folder, Run(info), {}, {})
    with Library(str(tmp_path / "mlruns")) as library:
        edits = BackgroundEdits(library)
        steps = edits.apply([Delete(runs)], "screen")
        assert next(steps).done <= many
        result = run_steps(steps)
        assert (result.summary, len(result.targets), result.failures) == (f"{many} runs deleted", many, ())
        assert counts(library) == (0, many)
        undone = edits.undo()
        assert next(undone).done <= many
        assert run_steps(undone).summary == f"Undone: {many} runs deleted"
        assert counts(library) == (many, 0)
        assert [(entry.command, entry.state) for entry in library.journal()] == [("screen", "undone")]


def test_a_cancelled_transaction_in_the_process_changes_nothing(new_sqlite_uri: str) -> None:
    writer = open_writer(new_sqlite_uri)
    experiment = writer.create_experiment("e")
    info = writer.create_run(experiment, name="r", start_time=START)
    with Library(new_sqlite_uri) as library:
        steps = steps_in_process(new_sqlite_uri, "apply_steps", *[SetTags([info], {f"t{n}": "1"}) for n in range(3000)])
        with cancelled_when(lambda: True):
            result = run_steps(steps)
        assert result.was_cancelled and result.summary == "Nothing was changed"
        assert set(library.run(info.run_id).tags) == {"mlflow.runName"}
        assert library.journal() == ()


def test_errors_of_the_process_are_raised_here(new_sqlite_uri: str) -> None:
    writer = open_writer(new_sqlite_uri)
    info = writer.create_run(writer.create_experiment("e"), name="r", start_time=START)
    with pytest.raises(BadValue, match="250"):
        run_steps(steps_in_process(new_sqlite_uri, "apply_steps", SetTags([info], {"k" * 251: "1"})))
    with pytest.raises(NothingToUndo):
        run_steps(steps_in_process(new_sqlite_uri, "undo_steps"))
    with Library(new_sqlite_uri, read_only=True) as library, pytest.raises(ReadOnly):
        BackgroundEdits(library)


def test_stores_on_this_host_are_edited_in_the_process_also_beside_a_server(
    new_files_uri: str, new_sqlite_uri: str
) -> None:
    for uri in (new_files_uri, new_sqlite_uri):
        open_writer(uri).create_experiment("e")

    def edits_locally(*uris: str) -> bool:
        return open_store(combined_uri(uris)).capabilities.edits_locally

    assert edits_locally(new_files_uri, new_sqlite_uri)
    assert edits_locally(new_files_uri, "http://127.0.0.1:9")
    assert not edits_locally(new_files_uri, "memory:beside")
