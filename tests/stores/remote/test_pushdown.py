"""Push the part of a query that a server evaluates as we do, and nothing else."""

from __future__ import annotations

import pytest
from mlflow.utils.search_utils import SearchUtils

from qtui.query import parse_filter, parse_order
from qtui.store.remote.pushdown import push_filter, push_order


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("params.lr = '0.1'", "params.`lr` = '0.1'"),
        ("params.`nested/depth` LIKE '6%'", "params.`nested/depth` LIKE '6%'"),
        ("tags.team != 'red'", "tags.`team` != 'red'"),
        ("metrics.ic > 0.05", "metrics.`ic` > 0.05"),
        ("status = failed", "attributes.status = 'FAILED'"),
        ("start_time > 5 AND params.a = 'b'", "attributes.start_time > 5 AND params.`a` = 'b'"),
        pytest.param("metrics.ic > 0 AND params.lr < 0.1", "metrics.`ic` > 0.0", id="params as numbers are ours"),
        pytest.param("metrics.ic != 0", "", id="a database takes NaN for 0"),
        pytest.param("metrics.ic > 0 OR metrics.ic < -1", "", id="or is ours"),
        pytest.param("NOT metrics.ic > 0", "", id="not is ours"),
        pytest.param("max(metrics.ic) > 0", "", id="histories are ours"),
        pytest.param("params.a ~ 'b'", "", id="regular expressions are ours"),
        pytest.param('params.a = "it\'s"', "", id="quotes in values"),
        pytest.param("metrics.ic < 1e999", "", id="infinity"),
        pytest.param("duration > 5m", "", id="durations"),
        pytest.param("lgbm", "", id="words"),
        pytest.param("run_id IN ('a', 'b')", "", id="lists"),
        pytest.param("params.a IS NULL", "", id="absence"),
    ],
)
def test_only_comparisons_that_servers_evaluate_as_we_do_are_pushed(text: str, expected: str) -> None:
    assert push_filter(parse_filter(text)).text == expected
    assert SearchUtils.parse_search_filter(expected) or not expected


@pytest.mark.parametrize(
    ("text", "is_exact"),
    [("", True), ("params.a = 'b' AND metrics.ic > 0", True), ("params.a = 'b' AND lgbm", False), ("lgbm", False)],
)
def test_a_filter_is_complete_when_all_its_parts_are_pushed(text: str, is_exact: bool) -> None:
    assert push_filter(parse_filter(text)).is_exact is is_exact


@pytest.mark.parametrize(
    ("order_by", "expected"),
    [
        ([], []),
        (["start_time DESC", "end_time"], ["attributes.start_time DESC", "attributes.end_time ASC"]),
        (["metrics.loss"], None),
        (["start_time", "run_name"], None),
    ],
)
def test_only_an_order_by_times_is_pushed(order_by: list[str], expected: list[str] | None) -> None:
    assert push_order([parse_order(text) for text in order_by]) == expected
