"""The chart of a comparison: its runs or groups, and the metric to begin with."""

from __future__ import annotations

from qtui.compare.run_comparison import RunComparison
from qtui.entities import Point, Run
from qtui.tui.present.compare.comparison_curves import curves_spec, first_curve
from qtui.tui.present.compare.group_choice import ALL_BUT_SEED, NO_GROUPS, group_fields, run_group_choices
from tests.unit.runs.build import run


def comparison() -> RunComparison:
    """Two learning rates with two seeds each; the higher rate is better."""
    return RunComparison.of_runs(
        run(f"{rate}-{seed}", params={"lr": rate, "seed": str(seed)}, metrics={"ic": ic + seed / 100, "n": 1.0})
        for rate, ic in (("0.01", 0.1), ("0.1", 0.2))
        for seed in (1, 2)
    )


def test_all_runs_are_drawn_in_their_order_with_the_baseline() -> None:
    spec = curves_spec(comparison().with_baseline(2), ("ic",))
    assert [info.name for info in spec.runs] == ["0.01-1", "0.01-2", "0.1-1", "0.1-2"]
    assert (spec.metrics, spec.available_metrics, spec.baseline, spec.groups) == (("ic",), ("ic", "n"), "0.1-1", ())


def test_groups_of_repetitions_are_drawn_the_best_first_with_the_run_that_is_the_baseline() -> None:
    compared = comparison().with_baseline(0)
    spec = curves_spec(compared, ("ic",), group_fields(compared, ALL_BUT_SEED))
    assert [group.name for group in spec.groups] == ["lr 0.1", "lr 0.01"]
    assert [info.name for info in spec.groups[0].runs] == ["0.1-1", "0.1-2"]
    assert ([info.name for info in spec.runs], spec.group_fields) == (["0.01-1"], "lr")


def test_the_choices_are_no_groups_repetitions_and_params_with_few_values() -> None:
    compared = comparison()
    assert [choice.value for choice in run_group_choices(compared)] == [NO_GROUPS, ALL_BUT_SEED, "lr", "seed"]
    assert group_fields(compared, NO_GROUPS) is None
    fields = group_fields(compared, "lr")
    assert fields is not None and [field.key for field in fields] == ["lr"]


def test_a_metric_with_a_history_comes_before_one_with_a_single_value() -> None:
    single = run("a", metrics={"ic": 0.1})
    compared = RunComparison.of_runs([Run(single.info, {}, {"ic": Point(0, 0, 0.1), "loss": Point(9, 0, 1.0)})])
    assert first_curve(compared) == "loss"
    assert first_curve(RunComparison.of_runs([single])) == "ic"
    assert first_curve(RunComparison()) == ""
