"""The bases have Qlib's constructors, and subclasses override their hooks, as in Qlib."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import qtui.recorder
from qtui.errors import ExpAlreadyExistError, ExperimentNotFound, RunNotFound
from qtui.recorder import (
    Experiment,
    ExpManager,
    MLflowExperiment,
    MLflowExpManager,
    MLflowRecorder,
    QlibRecorder,
    Recorder,
)
from qtui.recorder.mlflow_recorder import info_of


def test_the_bases_are_created_as_in_qlib() -> None:
    recorder, experiment = Recorder("1", "n"), Experiment("1", "e")
    assert (recorder.id, recorder.name, recorder.experiment_id, recorder.status) == (None, "n", "1", "SCHEDULED")
    assert (recorder.start_time, recorder.end_time, Recorder.STATUS_FI) == (None, None, "FINISHED")
    assert (experiment.id, experiment.name, experiment.active_recorder) == ("1", "e", None)
    assert (Experiment.RT_D, Experiment.RT_L, MLflowExperiment.UNLIMITED) == ("dict", "list", 50000)
    assert ExpManager("nowhere:", "e").default_uri == "nowhere:"


@pytest.mark.parametrize(
    "call",
    [
        lambda: Recorder("1", "n").log_params(a=1),
        lambda: Experiment("1", "e").start(),
        lambda: Experiment("1", "e").list_recorders(),
        lambda: ExpManager("nowhere:", "e").create_exp("e"),
    ],
)
def test_a_method_that_a_base_leaves_to_its_subclasses_is_not_implemented(call: Callable[[], object]) -> None:
    with pytest.raises(NotImplementedError, match="does not define"):
        call()


def test_mlflows_classes_are_subclasses_of_the_bases() -> None:
    assert issubclass(MLflowRecorder, Recorder)
    assert issubclass(MLflowExperiment, Experiment)
    assert issubclass(MLflowExpManager, ExpManager)


@pytest.mark.parametrize("name", ["Recorder", "Experiment", "ExpManager"])
def test_the_former_names_of_the_bases_are_deprecated(name: str) -> None:
    with pytest.warns(DeprecationWarning, match=f"use {name}"):
        base = getattr(qtui.recorder, f"Abstract{name}")
    assert base is getattr(qtui.recorder, name)


def test_assigning_a_name_renames_the_run(recording: QlibRecorder) -> None:
    recorder = recording.get_exp(experiment_name="e").create_recorder("before")
    recorder.name = "new"
    with recorder.start_run():
        assert recorder.name == "new"
        recorder.name = "newer"
    assert recording.get_recorder(recorder_id=recorder.id).name == "newer"


class NotedManager(MLflowExpManager):
    """Notes what is asked of its hooks, and gives every experiment a prefix."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.asked: list[str] = []

    def _start_exp(self, **how: Any) -> MLflowExperiment:
        self.asked.append("start")
        return super()._start_exp(**how)

    def _end_exp(self, recorder_status: str = "SCHEDULED") -> None:
        self.asked.append(f"end {recorder_status}")
        super()._end_exp(recorder_status=recorder_status)

    def _get_exp(self, experiment_id: Any = None, experiment_name: str | None = None) -> MLflowExperiment:
        return super()._get_exp(experiment_id, f"team/{experiment_name}" if experiment_name else None)

    def create_exp(self, experiment_name: str) -> MLflowExperiment:
        self.asked.append(f"create {experiment_name}")
        return super().create_exp(f"team/{experiment_name}")


def test_a_subclass_can_override_every_hook(recording: QlibRecorder) -> None:
    manager = NotedManager(recording.get_uri())
    mine = QlibRecorder(manager)
    with mine.start(experiment_name="alpha") as experiment:
        mine.log_metrics(m=1)
    assert experiment.name == "team/alpha"
    assert mine.get_exp(experiment_name="alpha", create=False).id == experiment.id
    assert manager.asked == ["start", "create alpha", "end FINISHED"]
    manager.close()


class ListRecorder(Recorder):
    """Records into a list."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.status = "SCHEDULED"
        self.logged: list[object] = []

    id = property(lambda self: self.name)

    def start_run(self) -> None:
        self.status = "RUNNING"

    def end_run(self, status: str = "SCHEDULED") -> None:
        self.status = status

    def log_metrics(self, step: object = None, **metrics: object) -> None:
        self.logged.append(metrics)

    def _nothing(self, *given: Any, **named: Any) -> Any:
        return None

    log_params = set_tags = delete_tags = log_artifact = save_objects = load_object = _nothing
    download_artifact = list_artifacts = list_metrics = list_params = list_tags = _nothing


class DictExperiment(Experiment[ListRecorder]):
    """Has its recorders in a dictionary."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.recorders: dict[str, ListRecorder] = {}

    id = name = property(lambda self: self._name)

    def start(self, *, recorder_id: Any = None, recorder_name: Any = None, resume: bool = False) -> ListRecorder:
        make = self._get_or_create_rec if resume else lambda _, name: (self.create_recorder(name), True)
        self.active_recorder = make(recorder_id, recorder_name)[0]
        self.active_recorder.start_run()
        return self.active_recorder

    def end(self, recorder_status: str = "SCHEDULED") -> None:
        if self.active_recorder is not None:
            self.active_recorder.end_run(recorder_status)
        self.active_recorder = None

    def create_recorder(self, recorder_name: str | None = None) -> ListRecorder:
        name = recorder_name or self._default_rec_name
        return self.recorders.setdefault(name, ListRecorder(name))

    def _get_recorder(self, recorder_id: str | None = None, recorder_name: str | None = None) -> ListRecorder:
        if (recorder_id or recorder_name) not in self.recorders:
            raise RunNotFound("no such recorder")
        return self.recorders[recorder_id or recorder_name or ""]

    def _nothing(self, *given: Any, **named: Any) -> Any:
        return None

    delete_recorder = search_records = list_recorders = _nothing


class DictManager(ExpManager[DictExperiment]):
    """Keeps experiments in memory."""

    def __init__(self, taken: bool = False) -> None:
        super().__init__("nowhere:", "default")
        self.known: dict[str, DictExperiment] = {}
        self.taken = taken

    def _start_exp(self, *, experiment_id: Any, experiment_name: Any, **how: Any) -> DictExperiment:
        experiment, _ = self._get_or_create_exp(experiment_id, experiment_name)
        experiment.start(**how)
        self.active_experiment = experiment
        return experiment

    def _end_exp(self, recorder_status: str = "SCHEDULED") -> None:
        if self.active_experiment is not None:
            self.active_experiment.end(recorder_status)

    def _get_exp(self, experiment_id: Any = None, experiment_name: str | None = None) -> DictExperiment:
        if experiment_name not in self.known:
            raise ExperimentNotFound("no such experiment")
        return self.known[experiment_name]

    def create_exp(self, experiment_name: str) -> DictExperiment:
        self.known[experiment_name] = DictExperiment(experiment_name)
        if self.taken:
            raise ExpAlreadyExistError("somebody was faster")
        return self.known[experiment_name]

    def _nothing(self, *given: Any, **named: Any) -> Any:
        return None

    delete_exp = search_records = list_experiments = _nothing


def test_something_else_than_mlflow_can_record() -> None:
    manager = DictManager()
    experiment = manager.start_exp(recorder_name="r", uri="elsewhere:")
    assert (manager.uri, manager.active_experiment, experiment.name) == ("elsewhere:", experiment, "default")
    manager.end_exp("FAILED")
    assert (manager.uri, manager.active_experiment) == ("nowhere:", None)
    assert experiment.recorders["r"].status == "FAILED"
    assert manager.start_exp(recorder_name="r", resume=True) is experiment


def test_an_experiment_that_another_process_makes_first_is_taken() -> None:
    manager = DictManager(taken=True)
    assert manager.get_exp(experiment_name="new") is manager.known["new"]


def test_qlibs_constructors_work(recording: QlibRecorder) -> None:
    uri = recording.get_uri()
    made = MLflowExpManager(uri, "mine").create_exp("e")
    experiment = MLflowExperiment(made.id, "e", uri)
    recorder = experiment.start(recorder_name="r")
    recorder.log_metrics(m=1)
    assert experiment.info["active_recorder"] == recorder.id
    experiment.end("FINISHED")
    other = MLflowRecorder(experiment.id, uri, "direct")
    assert (other.status, other.info["id"]) == ("SCHEDULED", None)
    with other.start_run():
        other.set_recorder_name("renamed")
    assert [item.name for item in experiment.list_recorders("list", status="FINISHED")] == ["renamed", "r"]


def test_a_run_that_mlflow_has_read_is_a_recorder(recording: QlibRecorder) -> None:
    class Part:
        def __init__(self, **fields: Any) -> None:
            self.__dict__.update(fields)

    with recording.start(recorder_name="r"):
        recorder = recording.get_recorder()
    fields = {"run_id": recorder.id, "experiment_id": recorder.experiment_id, "status": "FINISHED"}
    moments = {"start_time": 1, "end_time": None, "artifact_uri": "", "user_id": "me", "lifecycle_stage": "active"}
    run = Part(info=Part(**fields, **moments), data=Part(tags={"mlflow.runName": "r"}))
    again = MLflowRecorder("wrong", recording.get_uri(), mlflow_run=run)
    assert again == recorder
    assert (again.name, again.experiment_id, info_of(run).user) == ("r", recorder.experiment_id, "me")
