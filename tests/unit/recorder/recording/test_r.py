"""R starts, logs, finds and ends as Qlib's documentation says, and where Qlib breaks it keeps the promise."""

from __future__ import annotations

import math
import os
from contextlib import suppress
from pathlib import Path

import pandas
import pytest

from qtui.errors import (
    ExpAlreadyExistError,
    ExperimentNotFound,
    RecorderInitializationError,
    RunNotFound,
    UsageError,
)
from qtui.recorder import MLflowExperiment, QlibRecorder, from_config


def test_a_with_records_and_ends_as_finished(recording: QlibRecorder) -> None:
    with recording.start(experiment_name="alpha158", recorder_name="lightgbm") as experiment:
        recorder = recording.get_recorder()
        assert (recorder.name, recorder.status, recorder.experiment_id) == ("lightgbm", "RUNNING", experiment.id)
        assert recorder.end_time is None
        assert recording.get_exp() is experiment
        recording.log_params(lr=0.05, layers=[1, 2])
        recording.log_metrics(loss=0.5, step=1)
        recording.set_tags(team="red", size=3)
    other = recording.get_recorder(experiment_name="alpha158", recorder_name="lightgbm")
    assert (other.id, other.status, recorder.status) == (recorder.id, "FINISHED", "FINISHED")
    assert other.end_time is not None
    params = other.list_params()
    assert (params["lr"], params["layers"]) == ("0.05", "[1, 2]")
    assert other.list_metrics() == {"loss": 0.5}
    assert other.list_tags().items() >= {"team": "red", "size": "3", "mlflow.runName": "lightgbm"}.items()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ValueError(), "FAILED"),
        (KeyboardInterrupt(), "FAILED"),
        (SystemExit(1), "FAILED"),
        (SystemExit("no data"), "FAILED"),
        (SystemExit(0), "FINISHED"),
        (SystemExit(), "FINISHED"),
    ],
    ids=repr,
)
def test_the_end_of_the_with_block_decides_the_status(
    recording: QlibRecorder, error: BaseException, status: str
) -> None:
    with pytest.raises(type(error)), recording.start():
        recording.log_metrics(loss=0.5)
        recorder = recording.get_recorder()
        raise error
    assert recorder.status == status
    assert recorder.list_metrics() == {"loss": 0.5}
    assert recording.exp_manager.active_experiment is None


def test_without_names_it_is_qlibs_default_experiment_and_recorder(recording: QlibRecorder) -> None:
    recording.log_params(lr=1)
    assert recording.get_exp().name == "Experiment"
    assert recording.get_recorder().name == "mlflow_recorder"
    recording.end_exp()
    assert recording.get_recorder().list_params()["lr"] == "1"


@pytest.mark.parametrize("status", ["SCHEDULED", "RUNNING", "FINISHED", "FAILED", "KILLED"])
def test_a_recorder_may_end_in_any_status_of_mlflow(recording: QlibRecorder, status: str) -> None:
    recording.start_exp()
    recorder = recording.get_recorder()
    recording.end_exp(status)
    assert recorder.status == status


def test_an_invalid_status_is_an_error_and_the_recorder_stays_active(recording: QlibRecorder) -> None:
    recording.start_exp()
    with pytest.raises(UsageError, match="'DONE'"):
        recording.exp_manager.active_experiment.active_recorder.end_run("DONE")
    with pytest.raises(UsageError, match="'DONE'"):
        recording.end_exp("DONE")
    recorder = recording.get_recorder()
    assert recorder.status == "RUNNING"
    recording.end_exp()
    assert recorder.status == "FINISHED"


def test_ending_an_inactive_recorder_is_no_error(recording: QlibRecorder) -> None:
    recording.end_exp()


def test_ending_inside_the_with_holds(recording: QlibRecorder) -> None:
    with recording.start():
        recorder = recording.get_recorder()
        recording.end_exp("KILLED")
    assert recorder.status == "KILLED"


def test_list_metrics_includes_values_that_were_just_logged(recording: QlibRecorder) -> None:
    with recording.start() as experiment:
        for step in range(300):
            recording.log_metrics(loss=step, step=step)
        recorder = recording.get_recorder()
        assert recorder.list_metrics() == {"loss": 299.0}
        assert len(recorder.get_metric_history("loss")) == 300
        recording.log_params(lr=1)
        assert recording.search_records([experiment.id])["params.lr"].tolist() == ["1"]
        recording.set_tags(seen="yes")
        assert experiment.list_recorders("list", filter_string="tags.seen = 'yes'") == [recorder]
        recording.log_params(seed=2)
        assert experiment.search_records("params.seed = '2'")["run_id"].tolist() == [recorder.id]


def test_arrays_and_series_are_logged_in_one_call(recording: QlibRecorder) -> None:
    with recording.start():
        recording.log_metrics(ic=pandas.Series([0.1, math.nan], index=[10, 20]), loss=[3, 2, 1])
        recording.log_metrics(loss=0.5)
        recorder = recording.get_recorder()
    history = recorder.history("ic")
    assert history.steps.tolist() == [10, 20]
    assert repr(history.values.tolist()) == "[0.1, nan]"
    assert recorder.history("loss").steps.tolist() == [0, 1, 2, 3]


def test_a_long_array_arrives_whole_and_a_bad_one_not_at_all(recording: QlibRecorder) -> None:
    with recording.start():
        recording.log_metrics(loss=list(range(12_345)))
        with pytest.raises(UsageError, match="'bad' has a value that is not a number: None"):
            recording.log_metrics(good=list(range(12_345)), bad=[1.0, None])
        recorder = recording.get_recorder()
    assert recorder.history("loss").steps.tolist() == list(range(12_345))
    assert recorder.list_metrics() == {"loss": 12_344.0}


def test_a_bad_value_is_an_error_at_its_call_and_no_other_value_is_lost(recording: QlibRecorder) -> None:
    with recording.start():
        recording.log_metrics(a=1.0)
        for bad in ({"b": None}, {"b": "x"}, {"b@": 1.0}, {"a": 1.0, "..": 2.0}):
            with pytest.raises(UsageError):
                recording.log_metrics(**bad)
        with pytest.raises(UsageError):
            recording.log_params(**{"": 1})
        recording.log_metrics(c=2.0)
        recorder = recording.get_recorder()
    assert recorder.list_metrics() == {"a": 1.0, "c": 2.0}
    assert recorder.status == "FINISHED"


def test_a_param_that_changes_is_an_error_where_it_is_logged(recording: QlibRecorder) -> None:
    with recording.start():
        recording.log_params(lr=0.1, depth=3)
        with pytest.raises(Exception, match=r"'lr' is '0\.1' and cannot be changed to '0\.2'"):
            recording.log_params(lr=0.2, more=1)
        recording.log_params(lr=0.1, late=1)
        recorder = recording.get_recorder()
    params = recorder.list_params()
    assert (params["lr"], params["late"]) == ("0.1", "1")
    assert "more" not in params


def test_a_long_param_is_kept_in_full_beside_its_beginning(
    recording: QlibRecorder, caplog: pytest.LogCaptureFixture
) -> None:
    text = "长" * 10_000
    with recording.start():
        recording.log_params(**{"model/config": text})
        recording.log_params(**{"model/config": text})
        recorder = recording.get_recorder()
    param = recorder.list_params()["model/config"]
    assert len(param) == 6000
    assert param.endswith("… [full text: params/model/config.txt]")
    assert Path(recorder.download_artifact("params/model/config.txt")).read_text(encoding="utf-8") == text
    assert "model/config is too long" in caplog.text


def test_tags_may_change_and_be_taken_off(recording: QlibRecorder) -> None:
    with recording.start():
        recording.set_tags(a="1", b="1")
        recording.set_tags(a="2")
        recording.delete_tags("b", "never was")
        recorder = recording.get_recorder()
    tags = recorder.list_tags()
    assert tags["a"] == "2"
    assert "b" not in tags


def test_values_are_logged_at_once_into_a_recorder_that_has_ended(recording: QlibRecorder) -> None:
    with recording.start(experiment_name="a", recorder_name="b"):
        recording.log_metrics(loss=[3, 2])
        recording.log_params(lr=1)
    recorder = recording.get_recorder(experiment_name="a", recorder_name="b")
    recorder.log_metrics(loss=1)
    recorder.set_tags(checked="yes")
    assert recorder.history("loss").steps.tolist() == [0, 1, 2]
    with pytest.raises(Exception, match="cannot be changed to"):
        recorder.log_params(lr=2)
    assert recorder.list_tags()["checked"] == "yes"
    assert recorder.status == "FINISHED"


def test_search_records_is_a_table_and_takes_ids_of_both_kinds(recording: QlibRecorder) -> None:
    for number in range(3):
        with recording.start(experiment_name="many", recorder_name=f"r{number}") as experiment:
            recording.log_params(number=number)
            recording.log_metrics(m=number / 2)
    table = recording.search_records([int(experiment.id)], order_by=["metrics.m DESC"])
    assert table.equals(recording.search_records(experiment.id, order_by=["metrics.m DESC"]))
    assert isinstance(table, pandas.DataFrame)
    assert table["params.number"].tolist() == ["2", "1", "0"]
    assert table["metrics.m"].tolist() == [1.0, 0.5, 0.0]
    assert recording.get_exp(experiment_id=int(experiment.id), create=False).id == experiment.id
    assert len(recording.list_recorders(experiment_id=experiment.id)) == 3
    assert len(experiment.search_records(filter_string="metrics.m > 0.2")) == 2


def test_looking_makes_nothing(tmp_path: Path) -> None:
    recording = from_config(f"file:{tmp_path}/mlruns")
    assert recording.list_experiments() == {}
    assert recording.list_recorders(experiment_name="nobody") == {}
    assert recording.list_recorders() == {}
    with pytest.raises(ExperimentNotFound):
        recording.get_recorder(experiment_name="nobody", recorder_name="x")
    with pytest.raises(ExperimentNotFound):
        recording.get_exp(experiment_name="nobody", create=False)
    with pytest.raises(ValueError, match="nobody"):
        recording.get_exp(experiment_name="nobody", create=False)
    assert list(tmp_path.iterdir()) == []


def test_get_exp_makes_an_experiment_when_it_may(recording: QlibRecorder) -> None:
    made = recording.get_exp(experiment_name="new")
    assert isinstance(made, MLflowExperiment)
    assert recording.exp_manager.active_experiment is None
    assert recording.get_exp(experiment_name="new", create=False).id == made.id
    assert "new" in recording.list_experiments()
    assert made.list_recorders() == {}


def test_an_unknown_id_is_an_error_and_creates_nothing(recording: QlibRecorder) -> None:
    recording.get_exp(experiment_name="known")
    with pytest.raises(ExperimentNotFound, match="'123'"):
        recording.get_exp(experiment_id=123)
    with pytest.raises(ExperimentNotFound), recording.start(experiment_id="123"):
        raise AssertionError("never here")
    assert set(recording.list_experiments()) <= {"known", "Default", "first"}
    assert recording.exp_manager.active_experiment is None


def test_a_name_is_never_taken_for_an_id(recording: QlibRecorder) -> None:
    first = recording.get_exp(experiment_name="one")
    named = recording.get_exp(experiment_name=first.id)
    assert named.id != first.id
    assert recording.get_exp(experiment_name=first.id, create=False).id == named.id


def test_an_experiment_cannot_be_made_twice(recording: QlibRecorder) -> None:
    recording.exp_manager.create_exp("one")
    with pytest.raises(ExpAlreadyExistError):
        recording.exp_manager.create_exp("one")


def test_experiments_and_recorders_are_deleted_and_restored(recording: QlibRecorder) -> None:
    with recording.start(experiment_name="e", recorder_name="r") as experiment:
        recorder = recording.get_recorder()
    recording.delete_recorder(recorder_id=recorder.id)
    assert experiment.list_recorders() == {}
    recording.restore_recorder(recorder.id)
    assert list(experiment.list_recorders()) == [recorder.id]
    experiment.delete_recorder(recorder_name="r")
    assert experiment.list_recorders() == {}
    assert experiment.restore_recorder(recorder.id) == recorder
    recording.delete_exp(experiment_name="e")
    assert "e" not in recording.list_experiments()
    with pytest.raises(ExpAlreadyExistError, match="deleted"):
        recording.exp_manager.create_exp("e")
    recording.restore_exp(experiment_id=experiment.id)
    with pytest.raises(ExperimentNotFound, match="no deleted experiment"):
        recording.restore_exp(experiment_id=experiment.id)
    assert list(recording.list_recorders(experiment_name="e")) == [recorder.id]


def test_a_deletion_needs_an_id_or_a_name(recording: QlibRecorder) -> None:
    with pytest.raises(UsageError):
        recording.delete_exp()
    recording.get_exp()
    with pytest.raises(UsageError):
        recording.delete_recorder()
    with pytest.raises(ExperimentNotFound):
        recording.delete_exp(experiment_name="nobody")
    with pytest.raises(RunNotFound):
        recording.delete_recorder(recorder_id="nobody")


def test_a_session_may_record_elsewhere(recording: QlibRecorder, tmp_path: Path) -> None:
    here, elsewhere = recording.get_uri(), f"file:{tmp_path}/elsewhere"
    with recording.start(uri=elsewhere):
        assert recording.get_uri() == elsewhere
        recorder = recording.get_recorder()
    assert recording.get_uri() == here
    assert recorder.uri == elsewhere
    assert recording.list_recorders() == {}
    with recording.uri_context(elsewhere):
        assert list(recording.list_recorders()) == [recorder.id]
    recording.set_uri(elsewhere)
    assert list(recording.list_recorders()) == [recorder.id]


def test_nested_recorders_are_children_and_the_outer_one_is_active_again(recording: QlibRecorder) -> None:
    with recording.start(recorder_name="outer"):
        outer = recording.get_recorder()
        with recording.start(experiment_name="other", recorder_name="inner"):
            inner = recording.get_recorder()
            recording.log_metrics(m=1)
        assert recording.get_recorder() is outer
        recording.log_metrics(m=2)
    assert inner.list_tags()["mlflow.parentRunId"] == outer.id
    assert (inner.list_metrics(), outer.list_metrics()) == ({"m": 1.0}, {"m": 2.0})


def test_an_inner_run_that_was_not_ended_ends_with_the_outer_one(recording: QlibRecorder) -> None:
    with recording.start():
        recording.start_exp(recorder_name="forgotten")
        forgotten = recording.get_recorder()
    assert forgotten.status == "FINISHED"
    assert recording.exp_manager.active_experiments == []


def test_a_start_that_fails_leaves_nothing_active(recording: QlibRecorder) -> None:
    with pytest.raises(UsageError), recording.start(experiment_name=""), recording.start(experiment_name="\ud800"):
        raise AssertionError("never here")
    recording.end_exp()
    assert recording.exp_manager.active_experiment is None


def test_r_cannot_be_configured_during_a_run(recording: QlibRecorder, store_uri: str) -> None:
    from qtui.recorder.r import RecorderWrapper

    r = RecorderWrapper()
    r.register(recording)
    with recording.start(), pytest.raises(RecorderInitializationError):
        r.register(from_config(store_uri))
    r.register(from_config(store_uri))
    assert r.get_uri() == recording.get_uri()


def test_a_forked_child_may_configure_r_during_a_run_of_its_parent(recording: QlibRecorder, store_uri: str) -> None:
    from qtui.recorder.r import RecorderWrapper

    r = RecorderWrapper()
    r.register(recording)
    with recording.start():
        child = os.fork()
        if child == 0:
            with suppress(RecorderInitializationError):
                r.register(from_config(store_uri))
                os._exit(0)
            os._exit(1)
        assert os.waitpid(child, 0)[1] == 0


def test_a_deleted_experiment_is_not_recorded_into(recording: QlibRecorder) -> None:
    recording.get_exp(experiment_name="gone")
    recording.delete_exp(experiment_name="gone")
    with (
        pytest.raises(ExperimentNotFound, match=r"is deleted: R\.restore_exp"),
        recording.start(experiment_name="gone"),
    ):
        raise AssertionError("never here")
    assert recording.exp_manager.active_experiment is None
