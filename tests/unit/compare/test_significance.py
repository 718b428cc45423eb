"""The t distribution, Welch's test, pairs and the sentence about two groups, against scipy's numbers."""

from __future__ import annotations

import math

import pytest

from qtui.compare.distributions import normal_cdf, student_t_cdf, student_t_quantile, two_sided_p
from qtui.compare.groups import fields_but, group_difference, group_runs, seed_fields
from qtui.compare.run_comparison import RowKind, RunComparison
from qtui.compare.significance import compare_groups, compare_pairs, correct_p_values, difference_sentence
from qtui.entities import Run
from tests.unit.runs.build import param, run

# stats.t.cdf(t, d), 2 * stats.t.sf(abs(t), d) and stats.t.ppf(p, d) of scipy 1.17.1
T_VALUES = [
    (0.5, 1, 0.6475836176504333, 0.7048327646991335),
    (2.0, 4.5, 0.9458710464094375, 0.10825790718112499),
    (-1.3, 10, 0.1113829086034223, 0.2227658172068446),
    (3.1, 30, 0.9979077575697246, 0.004184484860550745),
    (12.0, 3, 0.9993774920996054, 0.0012450158007893362),
    (0.001, 7, 0.5003849913775006, 0.9992300172449988),
    (40.0, 2, 0.9996877926639076, 0.0006244146721847406),
]
QUANTILES = [
    (0.975, 1, 12.706204736174694),
    (0.975, 4.5, 2.6589123472044034),
    (0.975, 100, 1.9839715185235518),
    (0.9, 7, 1.4149239276505086),
    (0.6, 3, 0.2766706623326898),
]
A, B = [0.051, 0.048, 0.055, 0.050, 0.053], [0.047, 0.046, 0.050, 0.049, 0.044]


@pytest.mark.parametrize(("t", "degrees", "cdf", "p"), T_VALUES)
def test_the_t_distribution_has_the_values_of_scipy(t: float, degrees: float, cdf: float, p: float) -> None:
    assert student_t_cdf(t, degrees) == pytest.approx(cdf, rel=1e-12)
    assert two_sided_p(t, degrees) == pytest.approx(p, rel=1e-9)


@pytest.mark.parametrize(("probability", "degrees", "quantile"), QUANTILES)
def test_quantiles_of_the_t_distribution_are_those_of_scipy(
    probability: float, degrees: float, quantile: float
) -> None:
    assert student_t_quantile(probability, degrees) == pytest.approx(quantile, rel=1e-9)
    assert student_t_quantile(1 - probability, degrees) == pytest.approx(-quantile, rel=1e-9)


def test_the_distributions_agree_with_the_scipy_that_is_installed() -> None:
    stats = pytest.importorskip("scipy.stats")
    for t in (-30.0, -1.5, 0.0, 0.2, 5.0):
        assert normal_cdf(t) == pytest.approx(stats.norm.cdf(t), rel=1e-12)
        for degrees in (1.0, 2.7, 50.0, 1000.0):
            assert student_t_cdf(t, degrees) == pytest.approx(stats.t.cdf(t, degrees), rel=1e-9)
    ours, theirs = compare_groups(A, B, higher=True), stats.ttest_ind(A, B, equal_var=False)
    assert ours is not None and (ours.t, ours.p) == pytest.approx((theirs.statistic, theirs.pvalue))


def test_welchs_test_gives_the_numbers_of_scipy() -> None:
    result = compare_groups([*A, math.nan], [*B, math.inf], higher=True)
    assert result is not None and result.interval is not None
    # stats.ttest_ind(A, B, equal_var=False) of scipy 1.17.1
    assert (result.t, result.p, result.degrees) == pytest.approx(
        (2.6047294263733782, 0.031783355298250666, 7.88062485427839)
    )
    assert result.interval == pytest.approx((0.000471853109665161, 0.007928146890334845))
    assert result.counts == (5, 5)
    assert result.is_certain


def test_p_values_of_several_tests_are_corrected_by_the_method_of_holm() -> None:
    # statsmodels.stats.multitest.multipletests([0.01, 0.04, 0.03, 0.9], method="holm")
    assert correct_p_values([0.01, None, 0.04, 0.03, 0.9]) == pytest.approx([0.04, None, 0.09, 0.09, 0.9])
    assert correct_p_values([0.04]) == [0.04]
    assert correct_p_values([0.6, 0.7]) == [1.0, 1.0]


def test_pairs_give_the_numbers_of_scipy_for_the_seeds_that_both_have() -> None:
    first, second = dict(enumerate(A)) | {"only": 9.0}, dict(enumerate(B))
    result = compare_pairs(first, second, higher=True)
    assert result is not None and result.interval is not None
    # stats.ttest_rel(A, B) of scipy 1.17.1
    assert (result.t, result.p, result.degrees) == pytest.approx((3.0154242661945, 0.039339823156103744, 4))
    assert result.interval == pytest.approx((0.00033285945445178265, 0.008067140545548216))
    assert compare_pairs({1: 1.0}, {1: 2.0}, higher=True) is None


def test_the_bootstrap_gives_the_chance_in_the_direction_of_the_metric() -> None:
    up, down = compare_groups(A, B, higher=True), compare_groups(A, B, higher=False)
    assert up is not None and down is not None
    assert up.chance_first_better is not None and down.chance_first_better is not None
    assert up.chance_first_better > 0.98
    assert up.chance_first_better + down.chance_first_better == pytest.approx(1)
    equal = compare_groups([1.0, 1.0], [1.0, 1.0], higher=True)
    assert equal is not None and equal.chance_first_better == 0.5


@pytest.mark.parametrize(
    ("first", "second", "higher", "sentence"),
    [
        (A, B, True, "A is better than B by 0.0042 ± 0.0037 IC, 5 runs each; certain at the 95 % level."),
        (A, B, False, "B is better than A by 0.0042 ± 0.0037 IC, 5 runs each; certain at the 95 % level."),
        ([1, 2, 3], [1.5, 2], True, "A is better than B by 0.25 ± 2.2 IC, 3 and 2 runs; not yet certain."),
        ([2], [1], True, "A is better than B by 1 IC, 1 run each; a single run does not show how certain that is."),
        ([1, 1], [1], True, "A and B have the same mean IC, 2 and 1 run."),
        (
            [2, 2],
            [1, 1],
            True,
            "A is better than B by 1 ± 0 IC, 2 runs each; all differences are equal, so that the spread is unknown.",
        ),
        ([], [1], True, "A and B cannot be compared: a group has no value of IC."),
    ],
)
def test_one_sentence_says_what_is_better_and_how_certain_that_is(
    first: list[float], second: list[float], higher: bool, sentence: str
) -> None:
    result = compare_groups(first, second, higher=higher)
    assert difference_sentence(("A", "B"), "IC", result, higher=higher) == sentence


def sweep_of_seeds() -> RunComparison:
    """Two learning rates with three seeds each, and a run with a third one."""
    runs: list[Run] = [
        run(f"{lr}-{seed}", params={"lr": lr, "seed": str(seed), "model": "gru"}, metrics={"IC": value + seed / 100})
        for lr, value in (("0.1", 0.5), ("0.01", 0.4))
        for seed in (1, 2, 3)
    ]
    return RunComparison.of_runs([*runs, run("other", params={"lr": "1", "seed": "1"}, metrics={})])


def test_runs_are_grouped_by_all_differing_params_but_the_seed_the_best_mean_first() -> None:
    comparison = sweep_of_seeds()
    metric = comparison.row(RowKind.METRIC, "IC")
    assert metric is not None
    assert seed_fields(comparison.frame) == (param("seed"),)
    fields = fields_but(comparison.frame, seed_fields(comparison.frame))
    assert fields == (param("lr"), param("model"))
    groups = group_runs(comparison, metric, fields)
    assert [(group.name, len(group.runs)) for group in groups] == [
        ("lr 0.1 · model gru", 3),
        ("lr 0.01 · model gru", 3),
        ("lr 1 · model –", 1),
    ]
    assert groups[0].statistics is not None and groups[0].statistics.mean == pytest.approx(0.52)


def test_groups_with_the_same_seeds_are_compared_in_pairs() -> None:
    comparison = sweep_of_seeds()
    metric = comparison.row(RowKind.METRIC, "IC")
    assert metric is not None
    groups = group_runs(comparison, metric, (param("lr"),))
    paired = group_difference(comparison, metric, groups[0], groups[1], param("seed"))
    unpaired = group_difference(comparison, metric, groups[0], groups[1])
    assert paired is not None and paired.is_paired and paired.difference == pytest.approx(0.1)
    assert unpaired is not None and not unpaired.is_paired
    assert group_difference(comparison, metric, groups[0], groups[2], param("seed")) is None
