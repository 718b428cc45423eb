"""Questions and names of edits, without a screen."""

from __future__ import annotations

import pytest

from qtui.entities import ExperimentInfo, RunInfo
from qtui.errors import QtuiError
from qtui.recorder import Delete, SetTags
from qtui.store.changes import Failure, Target
from qtui.store.edits import numbered_names
from qtui.tui.present.edit_texts import delete_question, failure_problem, name_problem, progress_label

RUNS = [RunInfo(f"{number:032x}", "1", f"动量-{number}") for number in range(1, 9)]


def test_one_run_is_named_and_of_many_the_first_names_and_the_count() -> None:
    assert delete_question(RUNS[:1], "u undoes it.") == ("Delete run 动量-1?", "u undoes it.")
    title, text = delete_question(RUNS, "u undoes it.", hidden_count=2)
    assert title == "Delete 8 runs?"
    assert text.splitlines() == [
        "动量-1, 动量-2, 动量-3, 动量-4, 动量-5 and 3 more",
        "2 marked runs of them not shown in the table.",
        "u undoes it.",
    ]


def test_an_experiment_is_named_with_the_number_of_its_runs() -> None:
    assert delete_question([ExperimentInfo("1", "量化")], "", run_count=12)[0] == "Delete experiment 量化 with 12 runs?"


@pytest.mark.parametrize(("text", "count", "is_valid"), [("", 1, False), ("lgb", 1, True), ("lgb", 2, False)])
def test_several_runs_need_a_number_in_their_name(text: str, count: int, is_valid: bool) -> None:
    assert (name_problem(text, count) is None) == is_valid


def test_numbers_of_names_have_the_same_width() -> None:
    assert numbered_names("lgb-{n}", 10)[::9] == ["lgb-01", "lgb-10"]
    assert numbered_names("lgb-{n}", 1) == ["lgb-{n}"]


def test_the_progress_names_what_is_done() -> None:
    assert progress_label([Delete(RUNS)]) == "deleting"
    assert progress_label([SetTags(RUNS, {"a": "b"}), Delete(RUNS)]) == "editing"


def test_the_reason_of_a_failure_begins_below_the_folder_of_its_run() -> None:
    failed = Failure(Target("1", "a1"), QtuiError("/srv/mlruns/1/a1/tags/team cannot be written: No space left."))
    problem = failure_problem(failed)
    assert (problem.path, problem.reason) == ("run a1", "tags/team cannot be written: No space left.")
    other = failure_problem(Failure(Target("1", "a1"), QtuiError("Run a1 is deleted.")))
    assert other.reason == "Run a1 is deleted."
