"""The experiment manager lists and finds experiments as Qlib does."""

from __future__ import annotations

import pytest

from qtui.errors import ExperimentNotFound
from qtui.recorder import MLflowExpManager


def test_active_experiments_are_listed_by_name_newest_first(manager: MLflowExpManager) -> None:
    experiments = manager.list_experiments()
    assert list(experiments) == ["team/alpha", "1", "alpha158", "Default"]
    assert experiments["alpha158"].id == "1"


def test_an_experiment_is_found_by_an_id_of_either_type_or_by_its_name(manager: MLflowExpManager) -> None:
    assert manager.get_exp(experiment_id=1).name == "alpha158"
    assert manager.get_exp(experiment_id="1").name == "alpha158"
    assert manager.get_exp(experiment_name="alpha158").id == "1"


def test_the_default_experiment_is_not_created_unless_requested(
    manager: MLflowExpManager,
) -> None:
    with pytest.raises(ExperimentNotFound, match="There is no experiment named 'Experiment'"):
        manager.get_exp(create=False)
    assert "Experiment" not in manager.list_experiments()


def test_a_deleted_experiment_is_not_found(manager: MLflowExpManager) -> None:
    with pytest.raises(ExperimentNotFound):
        manager.get_exp(experiment_id=4)
