"""Purge on every kind of store: what is removed, what is left, and what is refused."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from qtui.entities import ExperimentInfo, Point, RunInfo, ViewType
from qtui.errors import NotDeleted, RunNotFound, StoreUnwritable
from qtui.recorder import Delete, Library
from qtui.recorder.editing.purge import PurgePlan, PurgeResult
from qtui.store import Store, open_writer
from qtui.store.memory_writer import MemoryWriter
from qtui.store.writer import Batch, Metric, Writer

START = 1_700_000_000_000
LOCAL_KINDS = ("memory", "files", "sqlite", "postgresql")


class PurgedStore:
    """A library and its writer, with an experiment and a run that has values and an artifact."""

    def __init__(self, library: Library, writer: Writer, folder: Path) -> None:
        self.library = library
        self.writer = writer
        self.folder = folder
        self.experiment = writer.create_experiment(f"purge {uuid.uuid4().hex}", artifact_location=str(folder))
        self.run = self.add_run("gone")
        self.other = self.add_run("stays")

    def add_run(self, name: str) -> RunInfo:
        """Create a run with a metric, a param and an artifact."""
        info = self.writer.create_run(self.experiment, name=name, start_time=START)
        self.writer.log(info, Batch([Metric("m", Point(0, START, 1.0))], {"p": "1"}, {"t": "1"}))
        source = self.folder.parent / "model.txt"
        source.write_text("12345")
        self.writer.save_artifact(info, source)
        return info

    def purge(self, plan: PurgePlan) -> PurgeResult:
        """Purge to the end."""
        steps = self.library.purge_steps(plan)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                result: PurgeResult = end.value
                return result


OpenStore = Callable[[str, Path], PurgedStore]


@pytest.fixture
def opened() -> Iterator[OpenStore]:
    """Return a function that opens a store; all are closed after the test."""
    with ExitStack() as stores:

        def open_one(uri: str, folder: Path) -> PurgedStore:
            library = stores.enter_context(Library(uri))
            writer = open_writer(uri)
            stores.callback(writer.close)
            return PurgedStore(library, writer, folder)

        yield open_one


@pytest.fixture(params=LOCAL_KINDS)
def purged(request: pytest.FixtureRequest, opened: OpenStore, tmp_path: Path) -> PurgedStore:
    """Return a store of every kind that can purge."""
    folder = tmp_path / "artifacts of users"
    folder.mkdir()
    if request.param == "memory":
        store = MemoryWriter()
        return PurgedStore(Library.over(store), store, folder)
    uri = request.getfixturevalue(f"new_{request.param}_uri")
    return opened(uri, folder)


def run_ids(store: Store, experiment: ExperimentInfo) -> set[str]:
    """Return the IDs of all runs of an experiment."""
    return {info.run_id for batch in store.infos([experiment.experiment_id], ViewType.ALL) for info in batch.items}


def test_a_deleted_run_is_purged_with_its_artifacts_and_values(purged: PurgedStore) -> None:
    purged.library.apply(Delete([purged.run]))
    run = purged.library.find_run(purged.run.run_id)
    plan = purged.library.plan_purge([run])
    assert (plan.files, plan.size) == (1, 5) or purged.library.store.kind == "memory"
    result = purged.purge(plan)
    assert (result.runs, result.failures) == (1, ())
    assert run_ids(purged.library.store, purged.experiment) == {purged.other.run_id}
    if purged.library.store.kind != "memory":
        assert {path.name for path in purged.folder.iterdir()} == {purged.other.run_id}
    with pytest.raises(RunNotFound):
        purged.library.find_run(purged.run.run_id)
    assert purged.library.journal()[-1].state == "permanent"


def test_an_edit_of_a_purged_run_cannot_be_undone(purged: PurgedStore) -> None:
    purged.library.apply(Delete([purged.run]))
    purged.purge(purged.library.plan_purge([purged.library.find_run(purged.run.run_id)]))
    [failure] = purged.library.undo().failures
    assert isinstance(failure.error, RunNotFound)


def test_only_what_is_deleted_is_purged(purged: PurgedStore) -> None:
    with pytest.raises(NotDeleted):
        purged.library.plan_purge([purged.run])
    purged.library.apply(Delete([purged.run]))
    plan = purged.library.plan_purge([purged.library.find_run(purged.run.run_id)])
    purged.library.undo()
    result = purged.purge(plan)
    assert [type(failure.error) for failure in result.failures] == [NotDeleted]
    assert purged.library.run(purged.run.run_id).metrics


def test_purging_a_deleted_experiment_frees_its_name(purged: PurgedStore) -> None:
    purged.library.apply(Delete([purged.experiment]))
    experiment = purged.library.find_experiment(purged.experiment.name)
    result = purged.purge(purged.library.plan_purge(experiments=[experiment]))
    assert (result.runs, result.experiments, result.failures) == (2, 1, ())
    assert purged.writer.create_experiment(purged.experiment.name).name == purged.experiment.name


def test_of_an_active_experiment_only_deleted_runs_are_purged(purged: PurgedStore) -> None:
    purged.library.apply(Delete([purged.run]))
    result = purged.purge(purged.library.plan_purge(experiments=[purged.experiment]))
    assert (result.runs, result.experiments) == (1, 0)
    assert run_ids(purged.library.store, purged.experiment) == {purged.other.run_id}


def test_what_was_deleted_lately_is_left_out(purged: PurgedStore) -> None:
    purged.library.apply(Delete([purged.experiment]))
    experiment = purged.library.find_experiment(purged.experiment.name)
    if purged.library.store.kind != "memory":
        assert not purged.library.plan_purge(experiments=[experiment], older_than=timedelta(days=1)).items
    assert len(purged.library.plan_purge(experiments=[experiment]).items) == 3


def test_a_server_refuses_before_anything_is_listed(new_remote_uri: str) -> None:
    with Library(new_remote_uri) as library, pytest.raises(StoreUnwritable, match="cannot purge"):
        library.plan_purge()


def test_a_folder_of_another_form_is_not_removed(new_sqlite_uri: str, opened: OpenStore, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("x")
    purged = opened(new_sqlite_uri, tmp_path / "a")
    engine = sa.create_engine(new_sqlite_uri)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE runs SET artifact_uri = ?", (str(precious),))
    engine.dispose()
    purged.library.apply(Delete([purged.run]))
    result = purged.purge(purged.library.plan_purge([purged.library.find_run(purged.run.run_id)]))
    assert [str(precious) in str(failure.error) for failure in result.failures] == [True]
    assert (precious / "file").exists()
    assert purged.library.find_run(purged.run.run_id)


@pytest.mark.parametrize("kind", ["files", "sqlite"])
def test_no_link_is_followed(kind: str, request: pytest.FixtureRequest, opened: OpenStore, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    (precious / "artifacts").mkdir(parents=True)
    (precious / "artifacts" / "file").write_text("x")
    uri = request.getfixturevalue(f"new_{kind}_uri")
    purged = opened(uri, tmp_path / "a")
    artifacts = tmp_path / "a" / purged.run.run_id
    os.symlink(precious, artifacts / "artifacts" / "link")
    other = tmp_path / "a" / purged.other.run_id
    other.rename(tmp_path / "moved")
    os.symlink(precious, other)
    purged.library.apply(Delete([purged.run, purged.other]))
    result = purged.purge(purged.library.plan_purge(experiments=[purged.experiment]))
    assert [failure.target.run_id for failure in result.failures] == [purged.other.run_id]
    assert (precious / "artifacts" / "file").read_text() == "x"
    assert not artifacts.exists()


def test_rows_that_mlflow_gc_leaves_behind_are_removed(new_sqlite_uri: str, opened: OpenStore, tmp_path: Path) -> None:
    engine = sa.create_engine(new_sqlite_uri)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source)"
            " VALUES ('d', 0, 'n', 'x', 't', 's')"
        )
        connection.exec_driver_sql(
            "INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id)"
            " VALUES ('i', 'DATASET', 'd', 'RUN', 'gone')"
        )
        connection.exec_driver_sql("INSERT INTO input_tags (input_uuid, name, value) VALUES ('i', 'k', 'v')")
    purged = opened(new_sqlite_uri, tmp_path / "a")
    plan = purged.library.plan_purge()
    assert plan.items == () and plan.leftovers >= 1
    purged.purge(plan)
    with engine.begin() as connection:
        for table in ("datasets", "inputs", "input_tags"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0
    engine.dispose()


def test_folders_of_a_killed_purge_are_removed(new_files_uri: str, opened: OpenStore, tmp_path: Path) -> None:
    purged = opened(new_files_uri, tmp_path / "a")
    left = tmp_path / "mlruns" / ".trash" / ".qtui-purged-0"
    left.mkdir(parents=True)
    (left / "meta.yaml").write_text("")
    plan = purged.library.plan_purge()
    assert plan.leftovers == 1
    purged.purge(plan)
    assert not left.exists()
