"""Every kind of edit on every kind of store: done, undone and redone by the library."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pytest
import sqlalchemy as sa

from qtui.cancellation import cancelled_when
from qtui.entities import RUN_NAME_TAG, ExperimentInfo, Run, RunInfo, ViewType
from qtui.errors import BadValue, ChangedSince, NotActive, NothingToUndo, ReadOnly, RunNotFound
from qtui.recorder import Library
from qtui.store import open_writer
from qtui.store.edits import (
    CreateExperiment,
    Delete,
    DropTags,
    Edit,
    Finish,
    Rename,
    Restore,
    SetNote,
    SetStatus,
    SetTags,
    apply_edits,
)
from qtui.store.memory_writer import MemoryWriter
from qtui.store.writer import Batch, Writer
from tests.stores.conftest import KINDS

START = 1_700_000_000_000

EXACT = ("files", "sqlite", "postgresql")
"""The kinds of stores whose bytes or rows are compared."""


@dataclass
class EditedStore:
    """A library of a store, an experiment with three runs, and a writer of somebody else."""

    library: Library
    writer: Writer
    uri: str = ""

    @cached_property
    def experiment(self) -> ExperimentInfo:
        """An experiment with a tag."""
        return self.writer.create_experiment(f"量化 {uuid.uuid4().hex}", tags={"team": "red"})

    @cached_property
    def runs(self) -> list[RunInfo]:
        """Three runs: one has tags, one has ended, one was deleted."""
        create = self.writer.create_run
        runs = [create(self.experiment, name=f"run {number}", start_time=START + number) for number in range(3)]
        self.writer.log(runs[0], Batch(tags={"team": "blue", "a/b": "c"}))
        apply_edits(self.writer, SetStatus([runs[1]], "FINISHED", START + 9))
        apply_edits(self.writer, Delete(runs[2:]))
        return runs

    @property
    def kind(self) -> str:
        """The kind of the store."""
        return self.library.store.kind

    def run(self, info: RunInfo) -> Run:
        """Return a run as the store has it now."""
        return self.library.run(self.library.find_run(info.run_id))

    def state(self) -> object:
        """Return the content of the store, byte by byte or row by row where it can be read."""
        if self.kind == "files":
            return file_contents(Path(self.uri.removeprefix("file:")))
        if self.kind in EXACT:
            return table_rows(self.uri)
        listings = list(self.library.infos([self.experiment.experiment_id], ViewType.ALL))
        infos = sorted((info for batch in listings for info in batch.items), key=lambda info: info.run_id)
        runs = [run for batch in self.library.values(infos) for run in batch.items]
        experiments = self.library.experiments(ViewType.ALL).items
        own = [item for item in experiments if item.experiment_id == self.experiment.experiment_id]
        if self.kind == "remote":
            # A server sets its own times, and keeps the end of a run that runs again.
            own = [replace(item, last_update_time=None) for item in own]
            runs = [replace(run, info=replace(run.info, end_time=None)) for run in runs]
        return own, runs


def file_contents(root: Path) -> dict[str, bytes]:
    """Return the bytes of all files by path."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def table_rows(uri: str) -> dict[str, list[str]]:
    """Return the rows of all tables with runs and experiments."""
    engine = sa.create_engine(uri, poolclass=sa.NullPool)
    with engine.connect() as connection:
        tables = ("experiments", "experiment_tags", "runs", "tags", "params", "metrics")
        return {table: sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {table}"))) for table in tables}


@pytest.fixture(params=KINDS)
def edited(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EditedStore]:
    """Return a store of every kind."""
    if request.param == "memory":
        store = MemoryWriter()
        yield EditedStore(Library.over(store), store)
        return
    uri = request.getfixturevalue(f"new_{request.param}_uri")
    writer = open_writer(uri)
    with Library(uri) as library:
        store_with_runs = EditedStore(library, writer, uri)
        assert store_with_runs.runs
        yield store_with_runs
    writer.close()


EDITS: Mapping[str, Callable[[EditedStore], Edit]] = {
    "tag runs": lambda store: SetTags(store.runs[:2], {"team": "green", "new": "线\n"}),
    "tag an experiment": lambda store: SetTags([store.experiment], {"team": "green", "new": "x"}),
    "name by a tag": lambda store: SetTags(store.runs[:1], {RUN_NAME_TAG: "by tag"}),
    "drop tags": lambda store: DropTags(store.runs[:2], ["team", "a/b"]),
    "drop a tag of an experiment": lambda store: DropTags([store.experiment], ["team"]),
    "rename runs": lambda store: Rename(store.runs[:2], "another: name"),
    "rename an experiment": lambda store: Rename([store.experiment], f"new {uuid.uuid4().hex}"),
    "note": lambda store: SetNote([store.runs[0], store.experiment], "# Title\n\ntext"),
    "set a status": lambda store: SetStatus(store.runs[:1], "KILLED"),
    "set another end": lambda store: SetStatus(store.runs[1:2], "FAILED", START + 20),
    "finish": lambda store: Finish(store.runs[:1], "KILLED", {}),
    "delete runs": lambda store: Delete(store.runs[:2]),
    "restore a run": lambda store: Restore(store.runs[2:]),
    "delete an experiment": lambda store: Delete([store.experiment]),
    "create an experiment": lambda store: CreateExperiment(f"created {uuid.uuid4().hex}", tags={"a": "b"}),
}
"""One edit of every kind."""


@pytest.mark.parametrize("kind", EDITS)
def test_undo_and_redo_restore_the_store_exactly(edited: EditedStore, kind: str) -> None:
    edit = EDITS[kind](edited)
    assert edited.runs
    before = edited.state()
    result = edited.library.apply(edit)
    after = edited.state()
    assert result.failures == ()
    assert result.targets
    assert after != before or kind == "create an experiment"
    undone = edited.library.undo()
    assert (undone.failures, undone.targets) == ((), result.targets)
    assert edited.state() == before
    assert edited.library.redo().failures == ()
    assert edited.state() == after
    assert edited.library.undo().failures == ()
    assert edited.state() == before


def test_restoring_an_experiment_restores_its_runs_and_is_undone(edited: EditedStore) -> None:
    assert edited.runs
    edited.library.apply(Delete([edited.experiment]))
    before = edited.state()
    deleted = edited.library.find_experiment(edited.experiment.experiment_id)
    edited.library.apply(Restore([deleted]))
    assert {edited.run(info).info.lifecycle_stage for info in edited.runs} == {"active"}
    edited.library.undo()
    assert edited.state() == before


def test_an_edit_of_the_runs_of_an_experiment_names_the_experiment(edited: EditedStore) -> None:
    assert edited.runs
    if edited.kind == "remote":
        pytest.skip("A server restores the runs of a deleted experiment only.")
    result = edited.library.apply(Restore([edited.experiment]))
    assert result.summary == f"Experiment {edited.experiment.name} restored" and len(result.targets) == 1
    assert result.entry is not None and result.entry.count == 1


def test_a_value_that_was_changed_since_is_left_and_the_others_are_undone(edited: EditedStore) -> None:
    first, second = edited.runs[:2]
    edited.library.apply(SetTags([first, second], {"new": "1"}))
    edited.writer.log(first, Batch(tags={"new": "of somebody"}))
    [failure] = edited.library.undo().failures
    assert isinstance(failure.error, ChangedSince)
    assert first.run_id in str(failure.error) and "of somebody" in str(failure.error)
    assert edited.run(first).tags["new"] == "of somebody"
    assert "new" not in edited.run(second).tags


def test_an_undo_that_would_change_nothing_but_what_somebody_changed_stays_in_the_journal(edited: EditedStore) -> None:
    [first] = edited.runs[:1]
    edited.library.apply(SetTags([first], {"new": "1"}))
    edited.writer.log(first, Batch(tags={"new": "2"}))
    assert edited.library.undo().targets == frozenset()
    edited.writer.log(first, Batch(tags={"new": "1"}))
    assert edited.library.undo().failures == ()
    assert "new" not in edited.run(first).tags


def test_an_edit_beside_other_fields_keeps_what_others_wrote(edited: EditedStore) -> None:
    [first] = edited.runs[:1]
    edited.library.apply(Rename([first], "better"))
    apply_edits(edited.writer, SetStatus([first], "FINISHED", START + 5))
    edited.writer.log(first, Batch(tags={"mine": "1"}))
    edited.library.undo()
    run = edited.run(first)
    assert (run.info.name, run.info.status, run.info.end_time) == ("run 0", "FINISHED", START + 5)
    assert run.tags["mine"] == "1"


def test_runs_that_cannot_be_changed_are_reported_and_the_others_are_changed(edited: EditedStore) -> None:
    first, _, deleted = edited.runs
    missing = RunInfo("0" * 32, edited.experiment.experiment_id)
    result = edited.library.apply(SetTags([missing, deleted, first], {"new": "1"}))
    assert {failure.target.run_id: type(failure.error) for failure in result.failures} == {
        missing.run_id: RunNotFound,
        deleted.run_id: NotActive,
    }
    assert edited.run(first).tags["new"] == "1"
    edited.library.undo()
    assert "new" not in edited.run(first).tags


def test_an_edit_that_changes_nothing_is_not_in_the_journal(edited: EditedStore) -> None:
    count = len(edited.library.journal())
    result = edited.library.apply(SetTags(edited.runs[:1], {"team": "blue"}), Delete(edited.runs[2:]))
    assert (result.entry, result.failures, result.targets) == (None, (), frozenset())
    assert len(edited.library.journal()) == count


@pytest.mark.parametrize(
    "make",
    [
        lambda store: SetTags(store.runs[:1], {"a\n": "x"}),
        lambda store: DropTags(store.runs[:1], [RUN_NAME_TAG]),
        lambda store: Rename(store.runs[:1], ""),
        lambda store: Rename([store.experiment], ""),
        lambda store: SetStatus(store.runs[:1], "DONE"),
        lambda store: SetStatus(store.runs[:1], "FAILED", -1),
    ],
)
def test_a_value_that_no_store_accepts_changes_nothing(
    edited: EditedStore, make: Callable[[EditedStore], Edit]
) -> None:
    assert edited.runs
    before, count = edited.state(), len(edited.library.journal())
    with pytest.raises(BadValue):
        edited.library.apply(make(edited), SetTags(edited.runs[:1], {"new": "1"}))
    assert edited.state() == before
    assert len(edited.library.journal()) == count


def test_a_finished_run_is_not_ended_again(edited: EditedStore) -> None:
    result = edited.library.apply(Finish(edited.runs[:2], "KILLED"))
    assert [failure.target.run_id for failure in result.failures] == [edited.runs[1].run_id]
    assert [edited.run(info).info.status for info in edited.runs[:2]] == ["KILLED", "FINISHED"]


def test_a_read_only_library_refuses_edits_undo_and_purge(edited: EditedStore) -> None:
    edited.library.apply(SetTags(edited.runs[:1], {"new": "1"}))
    library = Library.over(edited.library.store, read_only=True)
    assert library.read_only_reason() == "The store is open read-only (--read-only)."
    for refused in (
        lambda: library.apply(Delete(edited.runs)),
        library.undo,
        library.redo,
        library.plan_purge,
    ):
        with pytest.raises(ReadOnly, match="read-only"):
            refused()
    assert library.journal() == edited.library.journal()


def test_the_creation_of_an_experiment_with_runs_is_not_undone(edited: EditedStore) -> None:
    if edited.kind == "remote":
        pytest.skip("Undoing a creation on a server deletes the experiment, which can be restored.")
    result = edited.library.apply(CreateExperiment(f"created {uuid.uuid4().hex}"))
    [target] = result.targets
    experiment = edited.library.find_experiment(target.experiment_id)
    edited.writer.create_run(experiment, name="r", start_time=START)
    [failure] = edited.library.undo().failures
    assert isinstance(failure.error, ChangedSince)
    assert edited.library.find_experiment(target.experiment_id) == experiment


def test_a_second_edit_ends_the_redo_of_the_first(edited: EditedStore) -> None:
    edited.library.apply(SetTags(edited.runs[:1], {"new": "1"}))
    edited.library.undo()
    edited.library.apply(SetTags(edited.runs[:1], {"other": "1"}))
    with pytest.raises(NothingToUndo):
        edited.library.redo()
    assert [entry.state for entry in edited.library.journal()[-2:]] == ["dropped", "done"]


def test_a_cancelled_edit_says_what_it_changed_and_what_is_cancelled_can_be_undone(edited: EditedStore) -> None:
    edits = [SetTags(edited.runs[:1], {"x": "1"}), SetTags(edited.runs[:2], {"y": "1"})]
    before = edited.state()
    with cancelled_when(lambda: True):
        result = edited.library.apply(*edits)
    assert result.was_cancelled
    if edited.writer.limits.edit_targets is None:
        # A transaction is rolled back.
        assert (result.entry, result.targets, edited.state()) == (None, frozenset(), before)
    else:
        assert len(result.targets) == 1
        edited.library.undo()
    edited.library.apply(*edits)
    with cancelled_when(lambda: True):
        assert edited.library.undo().was_cancelled
    assert not edited.library.undo().was_cancelled
    assert edited.state() == before
    edited.library.redo()
    edited.library.undo()
    assert edited.state() == before


@contextmanager
def database_locked(edited: EditedStore) -> Iterator[None]:
    """Hold a write lock of a database, or on a row of a run where rows are locked."""
    engine = sa.create_engine(edited.uri, poolclass=sa.NullPool)
    with engine.connect() as connection:
        if edited.kind == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.execute(sa.text("UPDATE runs SET name = name WHERE run_uuid = :id"), {"id": edited.runs[0].run_id})
        yield
        connection.rollback()


def test_an_edit_that_waits_for_the_lock_of_a_database_is_cancelled_or_applied_later(edited: EditedStore) -> None:
    if edited.kind not in ("sqlite", "postgresql"):
        pytest.skip("This kind of store has no database of its own.")
    before, edit = edited.state(), SetTags(edited.runs[:2], {"x": "1"})
    with database_locked(edited):
        steps = edited.library.apply_steps(edit)
        assert next(steps).waits_for == next(steps).waits_for == "waiting for the lock of the database"
        with cancelled_when(lambda: True), pytest.raises(StopIteration) as cancelled:
            next(steps)
        assert cancelled.value.value.was_cancelled and edited.library.journal() == ()
        steps = edited.library.apply_steps(edit)
        next(steps)
    assert edited.state() == before
    assert [progress.waits_for for progress in steps] == [""]
    with database_locked(edited):
        steps = edited.library.undo_steps()
        assert next(steps).waits_for
        with cancelled_when(lambda: True), pytest.raises(StopIteration):
            next(steps)
    edited.library.undo()
    assert edited.state() == before


def test_closing_the_generator_stops_an_edit_that_can_be_undone_so_far(edited: EditedStore) -> None:
    steps = edited.library.apply_steps(SetTags(edited.runs[:1], {"x": "1"}), SetTags(edited.runs[:2], {"y": "1"}))
    next(steps)
    steps.close()
    assert edited.run(edited.runs[0]).tags["x"] == "1"
    edited.library.undo()
    assert not {"x", "y"} & (edited.run(edited.runs[0]).tags.keys() | edited.run(edited.runs[1]).tags.keys())
