"""Every kind of edit on every kind of store: done, undone and redone by the library."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from qtui.entities import RUN_NAME_TAG, Experiment, Run, RunInfo, ViewType
from qtui.recorder import Library
from qtui.store import open_writer
from qtui.store.edits import (
    Delete,
    DropTags,
    Edit,
    Rename,
    Restore,
    SetNote,
    SetStatus,
    SetTags,
)
from qtui.store.memory_writer import MemoryWriter
from qtui.store.writer import Batch, Changes, Writer
from tests.stores.conftest import KINDS

START = 1_700_000_000_000


@dataclass
class EditedStore:
    """A library of a store, an experiment with three runs, and a writer of somebody else."""

    library: Library
    writer: Writer

    @cached_property
    def experiment(self) -> Experiment:
        """An experiment with a tag."""
        return self.writer.create_experiment(f"量化 {uuid.uuid4().hex}", tags={"team": "red"})

    @cached_property
    def runs(self) -> list[RunInfo]:
        """Three runs: one has tags, one has ended, one was deleted."""
        create = self.writer.create_run
        runs = [create(self.experiment, name=f"run {number}", start_time=START + number) for number in range(3)]
        self.writer.log(runs[0], Batch(tags={"team": "blue", "a/b": "c"}))
        self.writer.update_run(runs[1], Changes(status="FINISHED", end_time=START + 9))
        self.writer.delete_runs(runs[2:])
        return runs

    def run(self, info: RunInfo) -> Run:
        """Return a run as the store has it now."""
        return self.library.run(self.library.find_run(info.run_id))

    def state(self) -> object:
        """Return the experiment, and all its runs with their values."""
        listings = list(self.library.infos([self.experiment.experiment_id], ViewType.ALL))
        infos = sorted((info for batch in listings for info in batch.items), key=lambda info: info.run_id)
        runs = [run for batch in self.library.values(infos) for run in batch.items]
        experiments = self.library.experiments(ViewType.ALL).items
        return [item for item in experiments if item.experiment_id == self.experiment.experiment_id], runs


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
        yield EditedStore(library, writer)
    writer.close()


def edits_of(store: EditedStore) -> dict[str, Edit]:
    """Return one edit of every kind."""
    first, second, deleted = store.runs
    return {
        "tag runs": SetTags([first, second], {"team": "green", "new": "线\n"}),
        "tag an experiment": SetTags([store.experiment], {"team": "green", "new": "x"}),
        "name by a tag": SetTags([first], {RUN_NAME_TAG: "by tag"}),
        "drop tags": DropTags([first, second], ["team", "a/b"]),
        "drop a tag of an experiment": DropTags([store.experiment], ["team"]),
        "rename runs": Rename([first, second], "another: name"),
        "rename an experiment": Rename([store.experiment], f"new {uuid.uuid4().hex}"),
        "note": SetNote([first, store.experiment], "# Title\n\ntext"),
        "end": SetStatus([first], "KILLED"),
        "end again": SetStatus([second], "FAILED", START + 20),
        "delete runs": Delete([first, second]),
        "restore a run": Restore([deleted]),
        "delete an experiment": Delete([store.experiment]),
    }


KINDS_OF_EDITS = (
    *("tag runs", "tag an experiment", "name by a tag", "drop tags", "drop a tag of an experiment", "rename runs"),
    *("rename an experiment", "note", "end", "end again", "delete runs", "restore a run", "delete an experiment"),
)


@pytest.mark.parametrize("kind", KINDS_OF_EDITS)
def test_an_edit_is_undone_and_redone(edited: EditedStore, kind: str) -> None:
    edit = edits_of(edited)[kind]
    before = edited.state()
    result = edited.library.apply(edit)
    after = edited.state()
    assert result.failures == ()
    assert result.targets
    assert after != before
    undone = edited.library.undo()
    assert undone.failures == ()
    if not (edited.library.store.kind == "remote" and kind in ("end", "delete an experiment", "rename an experiment")):
        assert edited.state() == before
    redone = edited.library.redo()
    assert redone.failures == ()
    if edited.library.store.kind != "remote":
        assert edited.state() == after
    edited.library.undo()
