"""Experiments and runs are found by what a user types, and a miss says what could have been meant."""

from __future__ import annotations

import pytest

from qtui.entities import ExperimentInfo, ViewType
from qtui.errors import ExperimentNotFound, RunNotFound
from qtui.recorder import Library
from qtui.store.memory import MemoryStore


@pytest.mark.parametrize(
    ("text", "experiment_id"),
    [
        pytest.param("alpha158", "1", id="by name"),
        pytest.param("3", "3", id="by id"),
        pytest.param("1", "2", id="a name goes before an id"),
        pytest.param("alpha360", "4", id="a deleted one"),
    ],
)
def test_an_experiment_is_found(library: Library, text: str, experiment_id: str) -> None:
    assert library.find_experiment(text).experiment_id == experiment_id


def test_an_unknown_experiment_is_answered_with_those_like_it(library: Library) -> None:
    with pytest.raises(ExperimentNotFound) as caught:
        library.find_experiment("Alpha159")
    assert str(caught.value) == "There is no experiment 'Alpha159'. Did you mean 'alpha158' or 'alpha360'?"


def test_an_experiment_outside_of_the_view_is_not_found(library: Library) -> None:
    with pytest.raises(ExperimentNotFound):
        library.find_experiment("alpha360", ViewType.ACTIVE)


def test_an_active_experiment_is_preferred_to_a_deleted_one_of_its_name() -> None:
    library = Library.over(MemoryStore([ExperimentInfo("1", "x", "deleted"), ExperimentInfo("2", "x")]))
    assert library.find_experiment("x").experiment_id == "2"


def test_experiments_of_the_same_name_are_found_by_id() -> None:
    library = Library.over(MemoryStore([ExperimentInfo("1", "x"), ExperimentInfo("2", "x")]))
    with pytest.raises(ExperimentNotFound, match=r"Give one of their IDs: 1, 2$"):
        library.find_experiment("x")


@pytest.mark.parametrize(
    ("text", "run_id"),
    [
        pytest.param("aaaa1111", "aaaa1111", id="by id"),
        pytest.param("bbbb", "bbbb1111", id="by the beginning of its id"),
        pytest.param("cccc1", "cccc1111", id="a deleted one"),
        pytest.param("alpha158/lgbm", "aaaa2222", id="the latest active one of a name"),
        pytest.param("alpha158/thrown away", "cccc1111", id="a deleted one if no active one has the name"),
        pytest.param("alpha158/mlflow_recorder", "bbbb1111", id="by the name in its tag"),
        pytest.param("team/alpha/a/b", "dddd1111", id="slashes in both names"),
    ],
)
def test_a_run_is_found(library: Library, text: str, run_id: str) -> None:
    assert library.find_run(text).run_id == run_id


def test_a_beginning_of_several_ids_names_the_runs_it_could_mean(library: Library) -> None:
    with pytest.raises(RunNotFound) as caught:
        library.find_run("aaaa")
    assert (
        str(caught.value) == "The IDs of 2 runs begin with 'aaaa': aaaa1111 lgbm, aaaa2222 lgbm. Give more of the ID."
    )


@pytest.mark.parametrize("text", ["aaa", "", "zzzz", "alpha158/nobody", "nowhere/lgbm", "alpha158/", "/lgbm"])
def test_words_that_mean_no_run_are_answered_with_how_to_name_one(library: Library, text: str) -> None:
    with pytest.raises(RunNotFound, match="at least its first 4 characters, or EXPERIMENT/NAME"):
        library.find_run(text)
