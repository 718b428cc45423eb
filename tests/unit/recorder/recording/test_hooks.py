"""The bases are abstract, and their hooks are what subclasses change or fill in, as in Qlib."""

from __future__ import annotations

from typing import Any

import pytest

from qtui.errors import ExpAlreadyExistError, ExperimentNotFound, RunNotFound
from qtui.recorder import (
    AbstractExperiment,
    AbstractExpManager,
    AbstractRecorder,
    MLflowExperiment,
    MLflowExpManager,
    MLflowRecorder,
    QlibRecorder,
)
from qtui.recorder.mlflow_recorder import info_of


@pytest.mark.parametrize("base", [AbstractExpManager, AbstractExperiment, AbstractRecorder])
def test_a_base_cannot_be_made(base: type) -> None:
    with pytest.raises(TypeError, match="abstract"):
        base()


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


def test_a_subclass_changes_what_it_likes(recording: QlibRecorder) -> None:
    manager = NotedManager(recording.get_uri())
    mine = QlibRecorder(manager)
    with mine.start(experiment_name="alpha") as experiment:
        mine.log_metrics(m=1)
    assert experiment.name == "team/alpha"
    assert mine.get_exp(experiment_name="alpha", create=False).id == experiment.id
    assert manager.asked == ["start", "create alpha", "end FINISHED"]
    manager.close()


class Recorder(AbstractRecorder):
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


class Experiment(AbstractExperiment[Recorder]):
    """Has its recorders in a dictionary."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.recorders: dict[str, Recorder] = {}

    id = name = property(lambda self: self._name)

    def start(self, *, recorder_id: Any = None, recorder_name: Any = None, resume: bool = False) -> Recorder:
        make = self._get_or_create_rec if resume else lambda _, name: (self.create_recorder(name), True)
        self.active_recorder = make(recorder_id, recorder_name)[0]
        self.active_recorder.start_run()
        return self.active_recorder

    def end(self, recorder_status: str = "SCHEDULED") -> None:
        if self.active_recorder is not None:
            self.active_recorder.end_run(recorder_status)
        self.active_recorder = None

    def create_recorder(self, recorder_name: str | None = None) -> Recorder:
        name = recorder_name or self._default_rec_name
        return self.recorders.setdefault(name, Recorder(name))

    def _get_recorder(self, recorder_id: str | None = None, recorder_name: str | None = None) -> Recorder:
        if (recorder_id or recorder_name) not in self.recorders:
            raise RunNotFound("no such recorder")
        return self.recorders[recorder_id or recorder_name or ""]

    def _nothing(self, *given: Any, **named: Any) -> Any:
        return None

    delete_recorder = search_records = list_recorders = _nothing


class Manager(AbstractExpManager[Experiment]):
    """Keeps experiments in memory."""

    def __init__(self, taken: bool = False) -> None:
        super().__init__("nowhere:", "default")
        self.known: dict[str, Experiment] = {}
        self.taken = taken

    def _start_exp(self, *, experiment_id: Any, experiment_name: Any, **how: Any) -> Experiment:
        experiment, _ = self._get_or_create_exp(experiment_id, experiment_name)
        experiment.start(**how)
        self.active_experiment = experiment
        return experiment

    def _end_exp(self, recorder_status: str = "SCHEDULED") -> None:
        if self.active_experiment is not None:
            self.active_experiment.end(recorder_status)

    def _get_exp(self, experiment_id: Any = None, experiment_name: str | None = None) -> Experiment:
        if experiment_name not in self.known:
            raise ExperimentNotFound("no such experiment")
        return self.known[experiment_name]

    def create_exp(self, experiment_name: str) -> Experiment:
        self.known[experiment_name] = Experiment(experiment_name)
        if self.taken:
            raise ExpAlreadyExistError("somebody was faster")
        return self.known[experiment_name]

    def _nothing(self, *given: Any, **named: Any) -> Any:
        return None

    delete_exp = search_records = list_experiments = _nothing


def test_something_else_than_mlflow_can_record() -> None:
    manager = Manager()
    experiment = manager.start_exp(recorder_name="r", uri="elsewhere:")
    assert (manager.uri, manager.active_experiment, experiment.name) == ("elsewhere:", experiment, "default")
    manager.end_exp("FAILED")
    assert (manager.uri, manager.active_experiment) == ("nowhere:", None)
    assert experiment.recorders["r"].status == "FAILED"
    assert manager.start_exp(recorder_name="r", resume=True) is experiment


def test_an_experiment_that_another_process_makes_first_is_taken() -> None:
    manager = Manager(taken=True)
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
    assert [each.name for each in experiment.list_recorders("list", status="FINISHED")] == ["renamed", "r"]


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
