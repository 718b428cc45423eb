"""Runs side by side: which rows there are, which differ, by how much, and the baseline."""

from __future__ import annotations

import json
import math
import random

import pytest

from qtui.compare.column_differences import column_differs, column_variation
from qtui.compare.comparison_export import EXPORT_FORMATS, comparison_json
from qtui.compare.run_comparison import ComparedRow, RowKind, RunComparison, difference_summary
from qtui.entities import DatasetInput, Run
from qtui.runs.baseline import delta
from qtui.runs.column_data import NumberColumn, TextColumn
from tests.unit.runs.build import run

NAN, INF = math.nan, math.inf


def row_of(comparison: RunComparison, kind: RowKind, key: str) -> ComparedRow:
    row = comparison.row(kind, key)
    assert row is not None
    return row


@pytest.fixture
def three() -> RunComparison:
    """Three runs of a sweep: the learning rate and the seed differ."""
    return RunComparison.of_runs(
        [
            run("a", params={"lr": "0.1", "seed": "1", "model": "gru"}, metrics={"ic": 0.05, "loss": 0.5, "n": 7}),
            run("b", params={"lr": "0.01", "seed": "2", "model": "gru"}, metrics={"ic": 0.04, "loss": 0.4, "n": 7}),
            run("c", params={"lr": "0.01", "model": "gru"}, metrics={"ic": NAN, "n": 7}, tags={"team": "x"}),
        ]
    )


def test_rows_are_grouped_by_kind_in_the_order_of_reading(three: RunComparison) -> None:
    assert [(row.kind.value, row.key) for row in three.rows] == [
        ("attribute", "experiment"),
        ("attribute", "status"),
        ("param", "lr"),
        ("param", "model"),
        ("param", "seed"),
        ("metric", "ic"),
        ("metric", "loss"),
        ("metric", "n"),
        ("tag", "team"),
    ]


def test_the_differing_rows_are_those_that_a_comparison_value_by_value_finds(three: RunComparison) -> None:
    assert [row.key for row in three.differing_rows] == ["lr", "seed", "ic", "loss", "team"]
    assert difference_summary(three) == "2 params (lr, seed), 2 metrics, 1 tag"


def test_columns_differ_exactly_if_two_of_their_values_do() -> None:
    picks = random.Random(0)
    for _ in range(300):
        numbers = [picks.choice((1.0, 2.0, NAN, None)) for _ in range(picks.randint(1, 3))]
        texts = [picks.choice(("x", "y", None)) for _ in range(picks.randint(1, 3))]
        assert column_differs(NumberColumn.from_values(numbers)) is (len(set(map(str, numbers))) > 1)
        assert column_differs(TextColumn.from_values(texts)) is (len(set(texts)) > 1)


@pytest.mark.parametrize(
    ("values", "variation"),
    [
        ((1.0, 1.0), 0),
        ((0.1, 0.01), 0.9),
        ((-1.0, 1.0), 1),
        ((1.0, None), 1),
        ((1.0, NAN), 1),
        ((1e308, -1e308), 1),
        (("0.1", "0.05"), 0.5),
        (("gru", "gru", "lstm"), 0.5),
        (("gru", "lstm", "mlp"), 1),
        (("gru", None), 1),
        (("", "x"), 1),
    ],
)
def test_rows_can_be_ordered_by_how_much_they_differ(values: tuple[float | str | None, ...], variation: float) -> None:
    numeric = all(isinstance(value, float) or value is None for value in values)
    make = NumberColumn.from_values if numeric else TextColumn.from_values
    assert column_variation(make(values)) == pytest.approx(variation)  # type: ignore[arg-type]


def test_tags_of_the_source_are_code_and_datasets_have_rows_of_their_own() -> None:
    tags = {"mlflow.source.git.commit": "abc", "mlflow.runName": "one", "mlflow.user": "me"}
    plain = run("a", tags=tags)
    with_data = Run(plain.info, plain.params, plain.metrics, plain.tags, (DatasetInput("csi300", "d1"),))
    comparison = RunComparison.of_runs([with_data, run("b")])
    assert [(row.kind, row.key) for row in comparison.differing_rows] == [
        (RowKind.DATASET, "name"),
        (RowKind.DATASET, "digest"),
        (RowKind.CODE, "git commit"),
    ]


def test_the_best_value_follows_the_direction_of_the_metric_and_the_choice_of_the_user(three: RunComparison) -> None:
    assert three.best_runs(row_of(three, RowKind.METRIC, "ic")) == {0}
    assert three.best_runs(row_of(three, RowKind.METRIC, "loss")) == {1}
    assert three.best_runs(row_of(three, RowKind.METRIC, "n")) == frozenset()
    assert three.best_runs(row_of(three, RowKind.PARAM, "lr")) == frozenset()


def test_runs_are_sorted_by_a_row_with_absent_values_and_nan_last(three: RunComparison) -> None:
    ic, seed, lr = (three.row(RowKind.METRIC, "ic"), three.row(RowKind.PARAM, "seed"), three.row(RowKind.PARAM, "lr"))
    assert ic and seed and lr
    assert three.sorted_by(ic, descending=False).order == (1, 0, 2)
    assert three.sorted_by(ic, descending=True).order == (0, 1, 2)
    assert three.sorted_by(seed, descending=True).order == (1, 0, 2)
    assert three.sorted_by(lr, descending=False).order == (1, 2, 0)
    assert three.sorted_by(lr, descending=False).in_frame_order().order == (0, 1, 2)


@pytest.mark.parametrize(
    ("value", "base", "text"),
    [
        (0.054, 0.05, "+0.004 (+8%)"),
        (0.05, 0.05, "="),
        (-2.0, -1.0, "-1 (-100%)"),
        (0.3, 0.0, "+0.3 (baseline is 0)"),
        (INF, 1.0, "+inf"),
        (1.0, 1000.0, "-999 (-99.9%)"),
        (3e9, 1.0, "+2999999999 (+3.0e11%)"),
    ],
)
def test_a_delta_says_the_difference_and_the_percentage_if_there_is_one(value: float, base: float, text: str) -> None:
    assert str(delta(value, base)).replace(".0%", "%") == text


def test_there_is_no_delta_of_nan_or_of_two_equal_infinities() -> None:
    assert delta(NAN, 1.0) is delta(1.0, NAN) is delta(INF, INF) is delta(None, 1.0) is None


def test_a_delta_is_better_in_the_direction_of_the_metric() -> None:
    up, same = delta(2.0, 1.0), delta(1.0, 1.0)
    assert up and same
    assert (up.is_better(higher=True), up.is_better(higher=False), same.is_better(higher=True)) == (True, False, None)


def test_the_baseline_has_no_delta_and_the_other_runs_have_one_for_numbers(three: RunComparison) -> None:
    based = three.with_baseline(0)
    lr, model = row_of(based, RowKind.PARAM, "lr"), row_of(based, RowKind.PARAM, "model")
    assert based.delta(lr, 0) is None
    assert str(based.delta(lr, 1)) == "-0.09 (-90.0%)"
    assert based.delta(model, 1) is None


def test_the_json_has_the_documented_shape(three: RunComparison) -> None:
    data = comparison_json(three.with_baseline(0), three.differing_rows)
    assert [entry["run_id"] for entry in data["runs"]] == ["a", "b", "c"]
    assert data["rows"][2] == {
        "kind": "metric",
        "key": "ic",
        "values": [0.05, 0.04, "NaN"],
        "differs": True,
        "deltas": [None, pytest.approx(-0.01), None],
        "percents": [None, pytest.approx(-20), None],
    }


def test_every_format_exports_every_row(three: RunComparison) -> None:
    texts = {name: "".join(export(three, three.rows)) for name, export in EXPORT_FORMATS.items()}
    assert len(json.loads(texts["JSON"])["rows"]) == len(three.rows)
    assert texts["CSV"].splitlines()[0] == "kind,key,a,b,c"
    assert "metric,ic,0.05,0.04,NaN" in texts["CSV"].splitlines()
    assert "| ic | **0.05** | 0.04 | NaN |" in texts["Markdown"]
    assert texts["LaTeX"].splitlines()[:3] == [r"\begin{tabular}{lrrr}", r"\toprule", r" & a & b & c \\"]


def test_latex_escapes_what_would_be_a_command() -> None:
    comparison = RunComparison.of_runs([run("a", params={"x_1": "50% & {more}"}), run("b")])
    latex = "".join(EXPORT_FORMATS["LaTeX"](comparison, comparison.differing_rows))
    assert r"x\_1 & 50\% \& \{more\} & – \\" in latex
