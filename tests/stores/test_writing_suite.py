"""Every writer implements the protocol; the store of the same kind reads what it writes."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pytest

from qtui.entities import RUN_NAME_TAG, USER_TAG, ExperimentInfo, Point, Run, RunInfo, ViewType
from qtui.errors import (
    ArtifactNotFound,
    BadValue,
    ExperimentExists,
    ExperimentNotFound,
    NotActive,
    ParamConflict,
    RunNotFound,
    StoreNotFound,
)
from qtui.store import Store, open_store, open_writer
from qtui.store.edits import Delete, DropTags, Rename, Restore, SetStatus, apply_edits
from qtui.store.memory_writer import MemoryWriter
from qtui.store.writer import Batch, Metric, Writer

KINDS = ("memory", "files", "sqlite", "postgresql", "remote")
START = 1_700_000_000_000


@dataclass
class WrittenStore:
    """A writer and the address of its store."""

    writer: Writer
    uri: str

    @cached_property
    def opened(self) -> Store:
        """The store of the same kind."""
        return self.writer if isinstance(self.writer, MemoryWriter) else open_store(self.uri)

    def store(self) -> Store:
        """The store, with nothing left of what it read before."""
        self.opened.close()
        return self.opened

    def run(self, info: RunInfo) -> Run:
        """Read a run back."""
        store = self.store()
        [listing] = store.runs(store.find(info.run_id))
        assert listing.problems == ()
        return listing.items[0]

    def experiment(self, experiment: ExperimentInfo) -> ExperimentInfo:
        """Read an experiment back."""
        experiments = self.store().experiments(ViewType.ALL).items
        return next(item for item in experiments if item.experiment_id == experiment.experiment_id)

    def points(self, info: RunInfo, key: str) -> list[Point]:
        """Read the points of a metric back."""
        history, problems = self.store().history(info, key)
        assert problems == ()
        return history.points()


@pytest.fixture(params=KINDS)
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WrittenStore]:
    """Return a writer of every kind, for an empty store."""
    if request.param == "memory":
        yield WrittenStore(MemoryWriter(), "")
        return
    uri = request.getfixturevalue(f"new_{request.param}_uri")
    pair = WrittenStore(open_writer(uri), uri)
    yield pair
    with suppress(StoreNotFound):
        pair.store().close()
    pair.writer.close()


@pytest.fixture
def experiment(pair: WrittenStore) -> ExperimentInfo:
    """Return a new experiment; the store may have experiments of other tests."""
    return pair.writer.create_experiment(f"量化 {uuid.uuid4().hex}", tags={"team": "red"})


@pytest.fixture
def info(pair: WrittenStore, experiment: ExperimentInfo) -> RunInfo:
    """Return a new run in the experiment."""
    return pair.writer.create_run(
        experiment, name="first 名", start_time=START, user="quant", tags={"a/b": "c", USER_TAG: "quant"}
    )


def test_it_is_a_writer(pair: WrittenStore) -> None:
    assert isinstance(pair.writer, Writer)


def test_a_created_experiment_is_read_back(pair: WrittenStore, experiment: ExperimentInfo) -> None:
    stored = pair.experiment(experiment)
    assert stored == experiment
    assert (stored.name, stored.tags, stored.lifecycle_stage) == (experiment.name, {"team": "red"}, "active")
    assert stored.artifact_location
    assert stored.creation_time == stored.last_update_time


def test_an_experiment_has_its_artifact_location(pair: WrittenStore, tmp_path: Path) -> None:
    name = uuid.uuid4().hex
    experiment = pair.writer.create_experiment(name, artifact_location="s3://bucket/x?version=1")
    info = pair.writer.create_run(experiment, name="r", start_time=START)
    assert pair.experiment(experiment).artifact_location == "s3://bucket/x?version=1"
    assert info.artifact_uri.startswith("s3://bucket/x")


def test_an_experiment_name_is_unique(pair: WrittenStore, experiment: ExperimentInfo) -> None:
    with pytest.raises(ExperimentExists, match=experiment.name):
        pair.writer.create_experiment(experiment.name)
    apply_edits(pair.writer, Delete([experiment]))
    with pytest.raises(ExperimentExists, match=experiment.name):
        pair.writer.create_experiment(experiment.name)


def test_a_created_run_is_read_back(pair: WrittenStore, experiment: ExperimentInfo, info: RunInfo) -> None:
    run = pair.run(info)
    assert run.info == info
    assert run.tags == {RUN_NAME_TAG: "first 名", "a/b": "c", USER_TAG: "quant"}
    assert (info.name, info.status, info.start_time, info.end_time) == ("first 名", "RUNNING", START, None)
    assert (info.user, info.experiment_id, info.lifecycle_stage) == ("quant", experiment.experiment_id, "active")
    assert info.artifact_uri.endswith(f"/{info.run_id}/artifacts")


def test_a_run_needs_an_active_experiment(pair: WrittenStore, experiment: ExperimentInfo) -> None:
    with pytest.raises(ExperimentNotFound):
        pair.writer.create_run(ExperimentInfo("404", "nowhere"), name="r", start_time=START)
    apply_edits(pair.writer, Delete([experiment]))
    with pytest.raises(NotActive):
        pair.writer.create_run(experiment, name="r", start_time=START)


def test_params_tags_and_points_are_read_back(pair: WrittenStore, info: RunInfo) -> None:
    params = {"lr": "0.1", "nested/depth": "6", "empty": "", "lines": "a\r\nb\n", "名": "值", "long": "x" * 6000}
    tags = {"team": "red", "note with spaces": "x\n", "long": "y" * 8000}
    values = [1.0, -0.5, 5e-324, 1.7e308, 0.1 + 0.2, math.inf, -math.inf]
    points = [Point(step, START + step, value) for step, value in enumerate(values)]
    pair.writer.log(info, Batch([Metric("nested/ic", point) for point in points], params, tags))
    run = pair.run(info)
    assert run.params == params
    assert run.tags == {RUN_NAME_TAG: "first 名", "a/b": "c", USER_TAG: "quant", **tags}
    assert pair.points(info, "nested/ic") == points
    assert run.metrics["nested/ic"] == points[-1]


def test_nan_stays_nan(pair: WrittenStore, info: RunInfo) -> None:
    pair.writer.log(info, Batch([Metric("loss", Point(3, START, math.nan))]))
    assert math.isnan(pair.run(info).metrics["loss"].value)
    assert math.isnan(pair.points(info, "loss")[0].value)


def test_the_latest_point_is_the_greatest_in_any_logging_order(pair: WrittenStore, info: RunInfo) -> None:
    points = [Point(5, START, 50.0), Point(9, START + 1, 90.0), Point(9, START, 91.0), Point(1, START + 9, 10.0)]
    pair.writer.log(info, Batch([Metric("loss", point) for point in points[:2]]))
    pair.writer.log(info, Batch([Metric("loss", point) for point in points[2:]]))
    assert pair.run(info).metrics == {"loss": points[1]}
    assert sorted(pair.points(info, "loss")) == sorted(points)


def test_thousands_of_points_are_logged_in_one_batch(pair: WrittenStore, info: RunInfo) -> None:
    pair.writer.log(
        info,
        Batch([Metric(f"m{key}", Point(step, START + step, step / 7)) for key in range(20) for step in range(250)]),
    )
    assert pair.points(info, "m19") == [Point(step, START + step, step / 7) for step in range(250)]
    assert len(pair.run(info).metrics) == 20


def test_only_another_value_of_a_param_is_a_conflict(pair: WrittenStore, info: RunInfo) -> None:
    pair.writer.log(info, Batch(params={"lr": "0.1", "depth": "6"}))
    pair.writer.log(info, Batch(params={"lr": "0.1", "seed": "7"}))
    with pytest.raises(ParamConflict, match=r"'lr'.*'0\.1'"):
        pair.writer.log(info, Batch([Metric("m", Point(0, START, 1.0))], {"new": "1", "lr": "0.2"}, {"t": "v"}))
    run = pair.run(info)
    assert run.params == {"lr": "0.1", "depth": "6", "seed": "7"}
    assert not run.metrics
    assert "t" not in run.tags


def test_a_tag_is_overwritten_and_deleted(pair: WrittenStore, info: RunInfo) -> None:
    pair.writer.log(info, Batch(tags={"x": "1", "b": "2", "c/d": "3"}))
    pair.writer.log(info, Batch(tags={"x": "4"}))
    apply_edits(pair.writer, DropTags([info], ["b", "c/d", "never there", "never/there"]))
    assert pair.run(info).tags == {RUN_NAME_TAG: "first 名", "a/b": "c", USER_TAG: "quant", "x": "4"}


def test_the_name_of_a_run_cannot_be_deleted(pair: WrittenStore, info: RunInfo) -> None:
    with pytest.raises(BadValue):
        apply_edits(pair.writer, DropTags([info], [RUN_NAME_TAG]))
    with pytest.raises(BadValue):
        apply_edits(pair.writer, Rename([info], ""))
    assert pair.run(info).tags[RUN_NAME_TAG] == "first 名"


def test_the_name_tag_renames_the_run(pair: WrittenStore, info: RunInfo) -> None:
    pair.writer.log(info, Batch(tags={RUN_NAME_TAG: "second"}))
    run = pair.run(info)
    assert (run.info.name, run.tags[RUN_NAME_TAG]) == ("second", "second")


def test_an_update_changes_only_the_given_fields(pair: WrittenStore, info: RunInfo) -> None:
    apply_edits(pair.writer, SetStatus([info], "FAILED", START + 5))
    ended = pair.run(info).info
    assert ended == replace(info, status="FAILED", end_time=START + 5)
    apply_edits(pair.writer, SetStatus([info], "RUNNING"))
    resumed = pair.run(info).info
    assert resumed == replace(ended, status="RUNNING")
    apply_edits(pair.writer, Rename([info], "other"))
    run = pair.run(info)
    assert (run.info, run.tags[RUN_NAME_TAG]) == (replace(resumed, name="other"), "other")


def test_a_deleted_run_accepts_no_writes_until_it_is_restored(pair: WrittenStore, info: RunInfo) -> None:
    apply_edits(pair.writer, Delete([info]))
    apply_edits(pair.writer, Delete([info]))
    assert pair.run(info).info.lifecycle_stage == "deleted"
    for write in (
        lambda: pair.writer.log(info, Batch(tags={"x": "y"})),
        lambda: apply_edits(pair.writer, SetStatus([info], "FINISHED")),
        lambda: apply_edits(pair.writer, DropTags([info], ["a/b"])),
    ):
        with pytest.raises(NotActive):
            write()
    apply_edits(pair.writer, Restore([info]))
    apply_edits(pair.writer, Restore([info]))
    assert pair.run(info).info == info
    pair.writer.log(info, Batch(tags={"x": "y"}))


def test_an_experiment_is_restored_with_its_runs(pair: WrittenStore, experiment: ExperimentInfo, info: RunInfo) -> None:
    other = pair.writer.create_run(experiment, name="deleted before", start_time=START)
    pair.writer.log(info, Batch([Metric("m", Point(0, START, 1.0))]))
    apply_edits(pair.writer, Delete([other]))
    apply_edits(pair.writer, Delete([experiment]))
    assert pair.experiment(experiment).lifecycle_stage == "deleted"
    assert pair.run(info).info.lifecycle_stage == "deleted"
    apply_edits(pair.writer, Restore([experiment]))
    back = pair.experiment(experiment)
    assert (back.lifecycle_stage, back.tags) == ("active", {"team": "red"})
    assert [pair.run(run_info).info.lifecycle_stage for run_info in (info, other)] == ["active", "active"]
    assert pair.run(info).metrics == {"m": Point(0, START, 1.0)}


def test_a_missing_experiment_raises_experiment_not_found(pair: WrittenStore) -> None:
    for edit in (Delete, Restore):
        with pytest.raises(ExperimentNotFound):
            apply_edits(pair.writer, edit([ExperimentInfo("404", "nowhere")]))


def test_a_missing_run_raises_run_not_found(pair: WrittenStore, experiment: ExperimentInfo) -> None:
    nobody = RunInfo("f" * 32, experiment.experiment_id)
    for write in (
        lambda: pair.writer.log(nobody, Batch(tags={"x": "y"})),
        lambda: apply_edits(pair.writer, SetStatus([nobody], "FINISHED")),
        lambda: apply_edits(pair.writer, DropTags([nobody], ["a"])),
        lambda: apply_edits(pair.writer, Delete([nobody])),
        lambda: apply_edits(pair.writer, Restore([nobody])),
    ):
        with pytest.raises(RunNotFound):
            write()


@pytest.mark.parametrize(
    "batch",
    [
        Batch([Metric("a;b", Point(0, START, 1.0))]),
        Batch([Metric("..", Point(0, START, 1.0))]),
        Batch([Metric("m", Point(0, START, "1"))]),
        Batch([Metric("m", Point(0, START, None))]),
        Batch([Metric("m", Point(0, START, True))]),
        Batch([Metric("m", Point(0.5, START, 1.0))]),
        Batch([Metric("m", Point(0, -1, 1.0))]),
        Batch([Metric("m", Point(2**63, START, 1.0))]),
        Batch(params={"": "x"}),
        Batch(params={"a//b": "x"}),
        Batch(params={"p": 5}),
        Batch(params={"p": "x" * 6001}),
        Batch(tags={"k" * 251: "x"}),
        Batch(tags={"t": "\udcff"}),
        Batch(tags={"t": None}),
        Batch(tags={RUN_NAME_TAG: ""}),
    ],
)
def test_an_invalid_value_rejects_the_whole_batch(pair: WrittenStore, info: RunInfo, batch: Batch) -> None:
    before = pair.run(info)
    good = Batch(
        [Metric("good", Point(0, START, 1.0)), *batch.metrics],
        {"good": "1", **batch.params},
        {"good": "1", **batch.tags},
    )
    with pytest.raises(BadValue):
        pair.writer.log(info, good)
    assert pair.run(info) == before


@pytest.mark.parametrize("name", ["", "x" * 501, "\udcff", None])
def test_an_experiment_needs_a_valid_name(pair: WrittenStore, name: str) -> None:
    with pytest.raises(BadValue):
        pair.writer.create_experiment(name)


def test_a_file_and_a_folder_are_saved_as_artifacts(pair: WrittenStore, info: RunInfo, tmp_path: Path) -> None:
    source = tmp_path / "model"
    (source / "deep").mkdir(parents=True)
    (source / "weights.bin").write_bytes(b"0123456789")
    (source / "deep" / "名.txt").write_bytes(b"x")
    pair.writer.save_artifact(info, source / "weights.bin")
    pair.writer.save_artifact(info, source / "weights.bin", "a/b")
    pair.writer.save_artifact(info, source, "model")
    store = pair.store()
    assert [(artifact.path, artifact.size) for artifact in store.artifacts(info).items] == [
        ("a", None),
        ("model", None),
        ("weights.bin", 10),
    ]
    assert [artifact.path for artifact in store.artifacts(info, "a/b").items] == ["a/b/weights.bin"]
    assert [artifact.path for artifact in store.artifacts(info, "model/deep").items] == ["model/deep/名.txt"]


def test_a_missing_source_or_an_unsafe_folder_is_refused(pair: WrittenStore, info: RunInfo, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    with pytest.raises(ArtifactNotFound):
        pair.writer.save_artifact(info, tmp_path / "nothing")
    for folder in ("..", "a/../..", "/tmp", "a//b"):
        with pytest.raises(BadValue):
            pair.writer.save_artifact(info, tmp_path / "x", folder)
