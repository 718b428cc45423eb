"""The importance of params, against optuna's and scipy's numbers."""

from __future__ import annotations

import math

import pytest

from qtui.compare.importance import best_positions, param_importances, ped_anova, single_param_changes, spearman
from qtui.compare.run_comparison import ComparedRow, RowKind, RunComparison
from tests.unit.compare.sweeps import Trial, sweep
from tests.unit.runs.build import run

KEYS = ("x", "lr", "units", "kind", "noise", "momentum")

# PedAnovaImportanceEvaluator(target_quantile=Q).evaluate(study) of optuna 5.0.0 for `sweep()`, with the bounds of each
# distribution at the smallest and the largest value, a logarithmic one for lr, integers for units.
OPTUNA = {
    0.1: {
        "x": 0.09825172932246597,
        "kind": 0.0020221355027871327,
        "noise": 0.0006560156681537313,
        "lr": 0.0005975258958764578,
        "units": 0.00014009644942331295,
        "momentum": 0.0,
    },
    0.4: {
        "x": 0.15019266254614438,
        "momentum": 0.014311454509356603,
        "lr": 0.00885507950483567,
        "units": 0.005181497125562159,
        "noise": 0.004010050761646511,
        "kind": 0.002547136843194086,
    },
}


def ours(trials: list[Trial], quantile: float) -> dict[str, float]:
    best = best_positions([trial.loss for trial in trials], quantile)
    return {key: ped_anova([trial.params.get(key) for trial in trials], best, key != "kind") for key in KEYS}


@pytest.mark.parametrize("quantile", OPTUNA)
def test_ped_anova_gives_the_numbers_of_optuna(quantile: float) -> None:
    assert ours(sweep(), quantile) == pytest.approx(OPTUNA[quantile], rel=1e-9)


@pytest.mark.filterwarnings("ignore")
def test_ped_anova_agrees_with_the_optuna_that_is_installed() -> None:
    optuna = pytest.importorskip("optuna")
    trials = sweep(80, seed=3)
    distributions = optuna.distributions
    ranges = {key: [trial.params[key] for trial in trials if key in trial.params] for key in KEYS}
    by_key = {
        key: distributions.CategoricalDistribution(sorted(set(values)))
        if key == "kind"
        else distributions.IntDistribution(int(min(values)), int(max(values)))
        if key == "units"
        else distributions.FloatDistribution(
            min(values), max(values), log=min(values) > 0 and max(values) >= 100 * min(values)
        )
        for key, values in ranges.items()
    }
    optuna.logging.disable_default_handler()
    study = optuna.create_study()
    for trial in trials:
        params = {key: int(value) if key == "units" else value for key, value in trial.params.items()}
        own = {key: by_key[key] for key in params}
        study.add_trial(optuna.trial.create_trial(params=params, distributions=own, value=trial.loss))
    theirs = optuna.importance.PedAnovaImportanceEvaluator(target_quantile=0.2).evaluate(study)
    assert ours(trials, 0.2) == pytest.approx(theirs, rel=1e-6)


def comparison_of(trials: list[Trial]) -> tuple[RunComparison, ComparedRow]:
    runs = [
        run(
            f"run-{index}",
            params={key: str(value) for key, value in trial.params.items()},
            metrics={"loss": trial.loss},
        )
        for index, trial in enumerate(trials)
    ]
    comparison = RunComparison.of_runs(runs)
    metric = comparison.row(RowKind.METRIC, "loss")
    assert metric is not None
    return comparison, metric


def test_the_report_ranks_params_with_shares_correlations_and_the_number_of_runs() -> None:
    report = param_importances(*comparison_of(sweep()))
    assert report.run_count == 60
    assert report.warning == ""
    assert report.params[0].key == "x"
    assert math.fsum(param.importance for param in report.params) == pytest.approx(1)
    by_key = {param.key: param for param in report.params}
    assert by_key["kind"].correlation is None
    assert by_key["momentum"].is_conditional and not by_key["x"].is_conditional
    assert by_key["momentum"].count == sum("momentum" in trial.params for trial in sweep())
    # scipy.stats.spearmanr of scipy 1.17.1
    assert by_key["x"].correlation == pytest.approx(-0.6068908030008336)


def test_too_few_runs_are_reported() -> None:
    report = param_importances(*comparison_of(sweep(6)))
    assert report.warning == "Too few runs: 6 with loss; from 10 on a ranking says something."


def test_no_param_is_important_where_all_runs_are_equally_good() -> None:
    trials = [Trial(trial.params, 1.0) for trial in sweep(30)]
    assert all(param.importance == 0 for param in param_importances(*comparison_of(trials)).params)


def test_equal_values_share_their_rank() -> None:
    # scipy.stats.spearmanr of scipy 1.17.1
    assert spearman([1, 2, 2, 3, 5, 5, 5, 8], [3, 1, 4, 4, 2, 9, 9, 7]) == pytest.approx(0.56531554109761)
    assert spearman([1, 1, 1], [1, 2, 3]) is None


def test_runs_that_differ_in_one_param_show_its_effect() -> None:
    runs = [
        run("a", params={"lr": "0.1", "seed": "1"}, metrics={"ic": 0.5}),
        run("b", params={"lr": "0.01", "seed": "1"}, metrics={"ic": 0.4}),
        run("c", params={"lr": "0.1", "seed": "2"}, metrics={"ic": 0.52}),
        run("d", params={"lr": "0.01", "seed": "2"}, metrics={"ic": 0.44}),
        run("e", params={"lr": "0.01"}, metrics={"ic": math.nan}),
    ]
    comparison = RunComparison.of_runs(runs)
    metric = comparison.row(RowKind.METRIC, "ic")
    assert metric is not None
    changes = single_param_changes(comparison, metric)
    assert [(change.key, change.before, change.after, len(change.effects)) for change in changes] == [
        ("lr", "0.01", "0.1", 2),
        ("seed", "1", "2", 2),
    ]
    assert [change.mean_effect for change in changes] == pytest.approx([0.09, 0.03])
