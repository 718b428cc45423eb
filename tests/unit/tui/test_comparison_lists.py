"""The rows of the importance of params and of the groups of a comparison."""

from __future__ import annotations

from collections.abc import Sequence

from qtui.compare.run_comparison import ComparedRow, RowKind, RunComparison
from qtui.tui.present.compare.comparison_lists import ExplainedRow, group_rows, importance_rows
from tests.unit.compare.sweeps import sweep
from tests.unit.runs.build import param, run


def lines(rows: Sequence[ExplainedRow]) -> list[str]:
    return ["".join(piece.text for piece in row.pieces).strip() for row in rows]


def metric_of(comparison: RunComparison, key: str) -> ComparedRow:
    row = comparison.row(RowKind.METRIC, key)
    assert row is not None
    return row


def of_sweep(count: int) -> RunComparison:
    trials = enumerate(sweep(count))
    return RunComparison.of_runs(
        run(str(index), params={key: str(value) for key, value in trial.params.items()}, metrics={"loss": trial.loss})
        for index, trial in trials
    )


def test_the_most_important_param_comes_first_with_its_share_correlation_and_runs() -> None:
    comparison = of_sweep(60)
    rows = importance_rows(comparison, metric_of(comparison, "loss"))
    assert lines(rows)[0] == "What matters for loss: 60 runs"
    assert lines(rows)[2].split()[0] == "x"
    assert lines(rows)[2].endswith("-0.61       60")
    assert "x: " in rows[2].sentence and "rank correlation -0.61 (Spearman)" in rows[2].sentence
    momentum = next(line for line in lines(rows) if line.startswith("momentum"))
    assert momentum.endswith("not in all runs")


def test_few_runs_are_warned_about_before_the_ranking() -> None:
    comparison = of_sweep(4)
    assert lines(importance_rows(comparison, metric_of(comparison, "loss")))[0].startswith("Too few runs: 4")


def seeds(*, spread: float = 0.001) -> RunComparison:
    return RunComparison.of_runs(
        run(
            f"{rate}-{seed}",
            params={"lr": rate, "seed": str(seed)},
            metrics={"IC": value + spread * seed * (1 + seed * (rate == "0.01"))},
        )
        for rate, value in (("0.1", 0.05), ("0.01", 0.04))
        for seed in range(5)
    )


def test_the_first_line_says_which_group_is_better_and_how_certain_that_is() -> None:
    comparison = seeds()
    rows = group_rows(comparison, metric_of(comparison, "IC"), (param("lr"),), param("seed"))
    assert lines(rows)[0] == "lr 0.1 is better than lr 0.01 by 0.004 ± 0.0082 IC, 5 pairs of equal seeds"
    assert lines(rows)[1].startswith("not yet certain; 9") and lines(rows)[1].endswith("% chance (bootstrap).")
    assert lines(rows)[3].split()[:3] == ["lr", "IC", "n"]
    assert [line.split()[0] for line in lines(rows)[4:]] == ["0.1", "0.01"]
    assert rows[4].run == 4


def test_the_effect_of_a_param_is_measured_between_runs_that_differ_in_nothing_else() -> None:
    comparison = seeds(spread=0.0)
    rows = importance_rows(comparison, metric_of(comparison, "IC"))
    (change,) = [row for row in rows if "lr: 0.01 → 0.1" in lines([row])[0]]
    assert lines([change])[0].split()[-3:] == ["+0.01", "5", "pairs"]
    assert change.pieces[1].role == "good"


def rates(*values: float) -> RunComparison:
    """A group of three runs around each of these values of the metric."""
    return RunComparison.of_runs(
        run(f"{rate}-{number}", params={"lr": str(rate)}, metrics={"IC": value + change})
        for rate, value in enumerate(values)
        for number, change in enumerate((-0.001, 0.0, 0.001))
    )


def test_a_difference_that_would_be_certain_alone_is_not_among_many_comparisons() -> None:
    comparison = rates(0.05, 0.0472, 0.0473, 0.0474, 0.03)
    rows = group_rows(comparison, metric_of(comparison, "IC"), (param("lr"),), None)
    groups = [row for row in rows if row.sentence]
    assert "; not yet certain: it would be alone, but not among 4 comparisons; " in groups[1].sentence
    assert "; certain at the 95 % level, also among 4 comparisons; " in groups[-1].sentence
    assert [line.split()[8] for line in lines(groups)[1:]] == ["not", "not", "not", "yes"]
    assert max(map(len, lines(rows)[:4])) <= 76
    alone = rates(0.05, 0.0474)
    rows = group_rows(alone, metric_of(alone, "IC"), (param("lr"),), None)
    assert "; certain at the 95 % level; " in rows[-1].sentence


def test_a_group_of_a_single_run_has_no_deviation() -> None:
    comparison = RunComparison.of_runs(
        run(rate, params={"lr": rate}, metrics={"IC": value}) for rate, value in (("1", 0.2), ("2", 0.1))
    )
    assert not any(
        "±" in line for line in lines(group_rows(comparison, metric_of(comparison, "IC"), (param("lr"),), None))
    )


def test_a_single_group_has_nothing_to_be_compared_with() -> None:
    comparison = seeds()
    rows = group_rows(comparison, metric_of(comparison, "IC"), (), None)
    assert lines(rows)[0] == "There is only one group: nothing to compare with."
