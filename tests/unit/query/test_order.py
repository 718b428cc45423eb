"""Tests of sort orders."""

from __future__ import annotations

import math

import pytest

from qtui.entities import Summary
from qtui.query import parse_order, sort_runs
from tests.unit.query.runs import HOUR, NOW, a_run


def ids(*orders: str, runs: list) -> list[str]:
    return [run.info.run_id for run in sort_runs(runs, [parse_order(text) for text in orders], now=NOW)]


def test_default_order_is_newest_first_then_by_id() -> None:
    runs = [a_run("b", start=1), a_run("old", start=0), a_run("a", start=1), a_run("unknown", start=None)]
    assert ids(runs=runs) == ["a", "b", "old", "unknown"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("metrics.ic", ["low", "high", "infinite", "nan", "none"]),
        ("metrics.ic DESC", ["infinite", "high", "low", "nan", "none"]),
    ],
)
def test_nan_and_missing_values_come_last_in_both_directions(order: str, expected: list[str]) -> None:
    values = {"none": None, "nan": math.nan, "high": 2.0, "low": 1.0, "infinite": math.inf}
    runs = [a_run(key, metrics={} if value is None else {"ic": value}) for key, value in values.items()]
    assert ids(order, runs=runs) == expected


def test_ties_keep_the_default_order_when_descending() -> None:
    runs = [a_run("b"), a_run("c", start=NOW), a_run("a")]
    assert ids("status DESC", runs=runs) == ids("status", runs=runs) == ["c", "a", "b"]


def test_first_key_has_priority() -> None:
    runs = [
        a_run("a", params={"model": "lgb"}, metrics={"ic": 1.0}),
        a_run("b", params={"model": "lgb"}, metrics={"ic": 2.0}),
        a_run("c", params={"model": "xgb"}, metrics={"ic": 3.0}),
    ]
    assert ids("params.model", "metrics.ic DESC", runs=runs) == ["b", "a", "c"]


def test_params_are_sorted_as_text() -> None:
    runs = [a_run(key, params={"n": value}) for key, value in (("a", "10"), ("b", "9"), ("c", ""))]
    assert ids("params.n", runs=runs) == ["c", "a", "b"]


def test_duration_of_a_running_run_ends_now() -> None:
    runs = [
        a_run("done", start=NOW - 2 * HOUR, end=NOW - HOUR),
        a_run("running", status="RUNNING", start=NOW - 2 * HOUR, end=None),
    ]
    assert ids("duration DESC", runs=runs) == ["running", "done"]


def test_runs_are_sorted_by_an_aggregate() -> None:
    runs = [
        a_run("worse", summaries={"loss": Summary(9.0, 3.0, 2.0, 9.0, 3, 0)}),
        a_run("better", summaries={"loss": Summary(9.0, 5.0, 1.0, 9.0, 3, 0)}),
        a_run("none"),
    ]
    assert ids("best(metrics.loss)", runs=runs) == ["better", "worse", "none"]
