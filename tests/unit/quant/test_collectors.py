"""Collectors gather artifacts and metrics over many recorders, and say what was missing."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

import pandas
import pytest
from pandas import DataFrame, Series

from qtui.errors import ConfigError, ExperimentNotFound, LoadObjectError
from qtui.quant.collectors import MissingArtifact
from qtui.recorder import (
    Collector,
    MergeCollector,
    QlibRecorder,
    RecorderCollector,
    collect_frames,
    collect_metrics,
    from_config,
)
from tests.unit.quant.templates.double import MemoryRecorder


class Named(MemoryRecorder):
    """A recorder with an id, a name and a status."""

    def __init__(self, name: str, status: str = "FINISHED", **artifacts: Any) -> None:
        super().__init__(**artifacts)
        self.info = {"id": f"id of {name}", "name": name}
        self.status = status


class ExperimentInfo:
    """An experiment of these recorders."""

    name = "rolling"

    def __init__(self, *recorders: Named, as_list: bool = False) -> None:
        self._recorders = recorders
        self._as_list = as_list

    def list_recorders(self, **kwargs: Any) -> Any:
        """By id, or as a list."""
        assert kwargs in ({}, {"rtype": "list"})
        return (
            list(self._recorders) if self._as_list else {recorder.info["id"]: recorder for recorder in self._recorders}
        )


FIRST = Named("first", **{"pred.pkl": 1, "ic.pkl": 10})
SECOND = Named("second", **{"pred.pkl": 2})
FAILED = Named("failed", "FAILED", **{"pred.pkl": 3})
EXPERIMENT = ExperimentInfo(FIRST, SECOND, FAILED)


def name_of(recorder: Named) -> str:
    """The name of a recorder."""
    return recorder.info["name"]


def test_predictions_of_finished_recorders_are_collected_by_id() -> None:
    assert RecorderCollector(EXPERIMENT).collect() == {"pred": {"id of first": 1, "id of second": 2}}


@pytest.mark.parametrize(("status", "names"), [(None, 3), ("FAILED", 1), (["FAILED", "FINISHED"], 3), (set(), 0)])
def test_recorders_are_chosen_by_status(status: Any, names: int) -> None:
    assert len(RecorderCollector(EXPERIMENT, status=status).collect().get("pred", {})) == names


def test_recorders_are_chosen_and_named_by_functions() -> None:
    collector = RecorderCollector(EXPERIMENT, rec_key_func=name_of, rec_filter_func=lambda rec: rec is FIRST)
    assert collector.collect() == {"pred": {"first": 1}}
    assert collector.collect(rec_filter_func=lambda rec: rec is SECOND) == {"pred": {"second": 2}}


def test_artifacts_that_a_recorder_lacks_are_skipped_and_named(caplog: pytest.LogCaptureFixture) -> None:
    paths = {"pred": "pred.pkl", "IC": "ic.pkl"}
    collector = RecorderCollector(EXPERIMENT, rec_key_func=name_of, artifacts_path=paths)
    with caplog.at_level(logging.WARNING, "qtui.quant"):
        assert collector.collect() == {"pred": {"first": 1, "second": 2}, "IC": {"first": 10}}
    assert collector.missing == [MissingArtifact("second", "IC", "ic.pkl", "there is no ic.pkl")]
    assert "IC of recorder second skipped: there is no ic.pkl" in caplog.text
    with pytest.raises(LoadObjectError):
        collector.collect(only_exist=False)


def test_some_artifacts_can_be_asked_for_and_the_recorder_itself() -> None:
    paths = {"pred": "pred.pkl", "IC": "ic.pkl"}
    collector = RecorderCollector(EXPERIMENT, rec_key_func=name_of, artifacts_path=paths, artifacts_key="IC")
    assert collector.collect() == {"IC": {"first": 10}}
    assert collector.collect("pred") == {"pred": {"first": 1, "second": 2}}
    assert collector.collect(RecorderCollector.ART_KEY_RAW)["__raw"]["first"] is FIRST
    with pytest.raises(ConfigError, match=r"No path is configured for artifact 'label' \(known: pred, IC\)"):
        collector.collect("label")


def test_recorders_can_be_a_list_or_a_function() -> None:
    listed = RecorderCollector(ExperimentInfo(FIRST, as_list=True), list_kwargs={"rtype": "list"})
    assert listed.collect() == RecorderCollector(lambda: [FIRST]).collect() == {"pred": {"id of first": 1}}
    assert listed.get_exp_name() == "rolling"


def test_the_last_of_several_with_one_key_counts(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "qtui.quant"):
        assert RecorderCollector(EXPERIMENT, rec_key_func=lambda rec: "same").collect() == {"pred": {"same": 2}}
    assert "Several recorders have the key 'same'" in caplog.text


def test_collected_artifacts_are_processed() -> None:
    collector = RecorderCollector(EXPERIMENT, process_list=[lambda by_id: by_id.values(), sum])
    assert collector() == {"pred": 3}
    assert RecorderCollector(EXPERIMENT, process_list=len)() == {"pred": 2}
    with pytest.raises(ConfigError, match="must hold functions, not str"):
        Collector.process_collect({"pred": 1}, ["mean"])


def test_collectors_are_merged() -> None:
    parts = {"a": RecorderCollector(lambda: [FIRST], len), "b": RecorderCollector(lambda: [SECOND], len)}
    assert MergeCollector(parts)() == {("a", "pred"): 1, ("b", "pred"): 1}
    assert MergeCollector(parts, merge_func=lambda part, name: f"{part}_{name}")() == {"a_pred": 1, "b_pred": 1}


def test_a_value_that_is_no_experiment_is_refused() -> None:
    with pytest.raises(
        ConfigError, match="experiment must be an experiment, a name or a function returning recorders, not int"
    ):
        RecorderCollector(5)


def test_a_collector_without_its_work_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="abstract"):
        Collector()


def test_a_collector_can_be_kept_in_a_file(tmp_path: Path) -> None:
    pytest.importorskip("dill")
    RecorderCollector(lambda: [FIRST]).to_pickle(tmp_path / "collector.pkl")
    assert RecorderCollector.load(tmp_path / "collector.pkl").artifacts_path == {"pred": "pred.pkl"}


def test_metrics_are_gathered_into_a_table() -> None:
    first, second = Named("first"), Named("second")
    first.log_metrics(IC=0.1, loss=1.0)
    second.log_metrics(IC=0.2)
    table = collect_metrics({"x": first, "y": second}, key=name_of)
    expected = DataFrame({"IC": [0.1, 0.2], "loss": [1.0, float("nan")]}, ["first", "second"])
    pandas.testing.assert_frame_equal(table, expected)
    assert collect_metrics([]).empty


def test_frames_are_gathered_below_each_other_and_series_side_by_side() -> None:
    frame, series = DataFrame({"score": [1.0, 2.0]}), Series([0.1, 0.2])
    recorders = [Named("a", pred=frame, ic=series), Named("b", pred=frame, ic=series), Named("c")]
    frames = collect_frames(recorders, "pred", key=name_of)
    assert frames.index.names == ["recorder", None]
    assert frames.loc["b", "score"].tolist() == [1.0, 2.0]
    assert collect_frames(recorders, "ic", key=name_of).columns.tolist() == ["a", "b"]
    assert collect_frames(recorders, "nothing").empty


def test_values_that_are_no_tables_cannot_be_combined() -> None:
    with pytest.raises(ConfigError, match="pred holds DataFrame and int, which cannot be combined into a frame"):
        collect_frames([Named("a", pred=1), Named("b", pred=DataFrame())], "pred")


@pytest.fixture
def recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> QlibRecorder:
    """R over a store of files, with one run."""
    monkeypatch.chdir(tmp_path)
    made = from_config(f"file:{tmp_path}/mlruns")
    with made.start(experiment_name="滚动", recorder_name="first"):
        made.log_metrics(IC=0.5)
        made.save_objects(**{"pred.pkl": DataFrame({"score": [1.0]})})
    return made


def test_a_real_experiment_is_collected(recording: QlibRecorder) -> None:
    experiment = recording.get_exp(experiment_name="滚动")
    collected = RecorderCollector(experiment, rec_key_func=lambda rec: rec.name).collect()
    assert collected["pred"]["first"]["score"].tolist() == [1.0]
    recorders = experiment.list_recorders()
    assert collect_metrics(recorders, key=lambda rec: rec.name).loc["first", "IC"] == 0.5
    assert len(collect_frames(recorders, "pred.pkl")) == 1


def test_an_experiment_is_found_by_its_name(recording: QlibRecorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["qtui.recorder.r"], "R", recording)
    assert RecorderCollector("滚动").get_exp_name() == "滚动"
    with pytest.raises(ExperimentNotFound):
        RecorderCollector("no such")
