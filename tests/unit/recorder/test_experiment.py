"""An experiment lists and finds its recorders as Qlib says it does."""

from __future__ import annotations

import pytest

from qtui.errors import RunNotFound, UsageError
from qtui.recorder import RT_D, RT_L, MLflowExperiment, MLflowExpManager


@pytest.fixture
def experiment(manager: MLflowExpManager) -> MLflowExperiment:
    """The experiment with most runs."""
    return manager.get_exp(experiment_name="alpha158")


def test_recorders_are_listed_by_id_the_latest_first(experiment: MLflowExperiment) -> None:
    recorders = experiment.list_recorders()
    assert list(recorders) == ["aaaa2222", "bbbb1111", "aaaa1111"]
    assert recorders == experiment.list_recorders(RT_D)
    assert recorders["aaaa1111"].name == "lgbm"


def test_recorders_are_returned_as_a_list_on_request(experiment: MLflowExperiment) -> None:
    assert [recorder.id for recorder in experiment.list_recorders(RT_L)] == ["aaaa2222", "bbbb1111", "aaaa1111"]
    with pytest.raises(UsageError, match="rtype is 'set'"):
        experiment.list_recorders("set")


@pytest.mark.parametrize("status", ["RUNNING", ["RUNNING", "SCHEDULED"]])
def test_recorders_can_be_chosen_by_status_and_the_number_counts_those(experiment: MLflowExperiment, status) -> None:
    assert list(experiment.list_recorders(status=status)) == ["aaaa2222", "bbbb1111"]
    assert list(experiment.list_recorders(status=status, max_results=1)) == ["aaaa2222"]
    assert list(experiment.list_recorders(status="FINISHED", max_results=1)) == ["aaaa1111"]


def test_recorders_can_be_chosen_by_a_filter(experiment: MLflowExperiment) -> None:
    assert list(experiment.list_recorders(filter_string="params.lr = '0.1'")) == ["aaaa1111"]


def test_a_recorder_is_got_by_id_or_the_latest_of_a_name_or_of_qlibs_own_name(experiment: MLflowExperiment) -> None:
    assert experiment.get_recorder("aaaa1111").id == "aaaa1111"
    assert experiment.get_recorder(recorder_name="lgbm").id == "aaaa2222"
    assert experiment.get_recorder(create=False).id == "bbbb1111"
    assert experiment.get_recorder().id == "bbbb1111"


def test_a_deleted_recorder_is_got_by_id_only(experiment: MLflowExperiment) -> None:
    assert experiment.get_recorder("cccc1111").name == "thrown away"
    with pytest.raises(RunNotFound, match="has no recorder named 'thrown away'"):
        experiment.get_recorder(recorder_name="thrown away", create=False)


def test_a_recorder_of_another_experiment_is_not_passed_off_as_one_of_this(experiment: MLflowExperiment) -> None:
    with pytest.raises(RunNotFound, match="is in the experiment 3, not in 1"):
        experiment.get_recorder("dddd1111")
    with pytest.raises(RunNotFound, match="has no recorder 'aaaa'"):
        experiment.get_recorder("aaaa")


def test_its_records_are_those_of_this_experiment(experiment: MLflowExperiment) -> None:
    assert set(experiment.search_records()["experiment_id"]) == {"1"}


def test_it_is_described_with_qlibs_keys_but_its_repr_lists_no_runs(experiment: MLflowExperiment) -> None:
    assert experiment.info == {
        "class": "MLflowExperiment",
        "id": "1",
        "name": "alpha158",
        "active_recorder": None,
        "recorders": ["aaaa2222", "bbbb1111", "aaaa1111"],
    }
    assert repr(experiment) == "MLflowExperiment(id='1', name='alpha158')"
