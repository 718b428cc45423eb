"""Tests of keys without a prefix or with spaces."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from qtui.errors import QuerySyntaxError
from qtui.query import parse_filter, parse_order, render
from qtui.query.ast import Field, FieldKind, OrderBy

KEYS: Mapping[str, Collection[FieldKind]] = {
    "Rank IC": [FieldKind.METRIC],
    "IC": [FieldKind.METRIC],
    "val/acc": [FieldKind.METRIC],
    "1day.return_with_cost.mean": [FieldKind.METRIC],
    "l2.train": [FieldKind.METRIC],
    "duration": [FieldKind.METRIC],
    "lr": [FieldKind.PARAM],
    "batch size": [FieldKind.PARAM],
    "mlflow.user": [FieldKind.TAG],
    "loss": [FieldKind.METRIC, FieldKind.PARAM],
    "max depth": [FieldKind.PARAM, FieldKind.TAG],
}


def lookup(keys: Collection[str]) -> Mapping[str, Collection[FieldKind]]:
    """Return the kinds of the keys above."""
    return {key: KEYS[key] for key in keys if key in KEYS}


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("IC > 0.05", "metrics.IC > 0.05"),
        ("Rank IC > 0.05", "metrics.`Rank IC` > 0.05"),
        ("Rank IC>0.05", "metrics.`Rank IC` > 0.05"),
        ("`Rank IC` > 0.05", "metrics.`Rank IC` > 0.05"),
        ("val/acc > 0.9", "metrics.`val/acc` > 0.9"),
        ("1day.return_with_cost.mean > 0", "metrics.`1day.return_with_cost.mean` > 0"),
        ("l2.train < 1", "metrics.l2.train < 1"),
        ("lr <= 0.1 and batch size = 32", "params.lr <= 0.1 AND params.`batch size` = 32"),
        ("mlflow.user = alice", "tags.mlflow.user = 'alice'"),
        ("Rank IC IS NULL", "metrics.`Rank IC` IS NULL"),
        ("batch size not in (1, 2)", "params.`batch size` != 1 AND params.`batch size` != 2"),
        ("batch size not like '3%'", "params.`batch size` IS NOT NULL AND NOT params.`batch size` LIKE '3%'"),
        ("not Rank IC between 0 and 1", "NOT (metrics.`Rank IC` >= 0 AND metrics.`Rank IC` <= 1)"),
        ("(IC > 1 or Rank IC > 1) lgb", "(metrics.IC > 1 OR metrics.`Rank IC` > 1) AND lgb"),
        ("metrics.Rank IC > 0.05", "metrics.`Rank IC` > 0.05"),
        ("params.max depth = 3", "params.`max depth` = 3"),
        ("best(Rank IC) > 0.05", "best(metrics.`Rank IC`) > 0.05"),
        ("best(metrics.Rank IC) > 0.05", "best(metrics.`Rank IC`) > 0.05"),
        # Words to search for may stand before it.
        ("lgb IC > 0.05", "lgb AND metrics.IC > 0.05"),
        ("lgb Rank IC > 0.05", "lgb AND metrics.`Rank IC` > 0.05"),
        ("lgb status = failed", "lgb AND status = 'FAILED'"),
        ("a b c d e f g h i j IC > 1", "a AND b AND c AND d AND e AND f AND g AND h AND i AND j AND metrics.IC > 1"),
        ("Rank IC", "Rank AND IC"),
        # What MLflow understands keeps its meaning.
        ("duration < 10m", "duration < 600000ms"),
        ("params.loss = '1'", "params.loss = '1'"),
        ("metrics.never > 1", "metrics.never > 1"),
    ],
)
def test_key_without_prefix_has_the_only_kind(text: str, canonical: str) -> None:
    query = parse_filter(text, now=0, lookup=lookup)
    assert query is not None
    assert render(query) == canonical
    assert parse_filter(canonical, now=0) == query


@pytest.mark.parametrize(
    ("text", "marks", "reason"),
    [
        ("lr = 1 and loss < 1", "           ^^^^", "Runs have 'loss' as a metric and as a param; write metrics.loss or "
         "params.loss."),
        ("max depth = 3", "^^^^^^^^^", "write params.`max depth` or tags.`max depth`."),
        ("typo > 3", "^^^^", "No run has a metric, param or tag 'typo'."),
        ("Rank ICC > 3", "^^^^^^^^", "No run has a metric, param or tag 'Rank ICC'."),
        ("`typo` > 3", "^^^^^^", "No run has a metric, param or tag 'typo'."),
        ("metrics.Rank ICC > 3", "^^^^^^^^^^^^^^^^", "No run has a metric 'Rank ICC'."),
        ("lgb statsu = failed", "    ^^^^^^", "did you mean status?"),
        ("1 < IC", "^", "write the name before the operator"),
        ("IC LIKE 'x'", "   ^^^^", "LIKE does not apply to IC, which is a metric"),
        ("Rank IC LIKE 'x'", "        ^^^^", "LIKE does not apply to Rank IC, which is a metric"),
        ("best(params.lr 2) > 1", "     ^^^^^^^^^^^", "needs a metric; params.lr 2 is not one"),
    ],
)  # fmt: skip
def test_unknown_or_ambiguous_key_is_marked(text: str, marks: str, reason: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse_filter(text, lookup=lookup)
    assert " " * caught.value.position + "^" * caught.value.length == marks
    assert reason in caught.value.reason


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("Rank IC desc", OrderBy(Field(FieldKind.METRIC, "Rank IC"), ascending=False)),
        ("metrics.Rank IC DESC", OrderBy(Field(FieldKind.METRIC, "Rank IC"), ascending=False)),
        ("metrics.Rank IC", OrderBy(Field(FieldKind.METRIC, "Rank IC"))),
        ('metrics."Rank IC" ASC', OrderBy(Field(FieldKind.METRIC, "Rank IC"))),
        ("`Rank IC`", OrderBy(Field(FieldKind.METRIC, "Rank IC"))),
        ("val/acc DESC", OrderBy(Field(FieldKind.METRIC, "val/acc"), ascending=False)),
        ("batch size", OrderBy(Field(FieldKind.PARAM, "batch size"))),
        ("metrics.never DESC", OrderBy(Field(FieldKind.METRIC, "never"), ascending=False)),
        ("duration", OrderBy(Field(FieldKind.ATTRIBUTE, "duration"))),
        ("status DESC", OrderBy(Field(FieldKind.ATTRIBUTE, "status"), ascending=False)),
    ],
)
def test_sort_order_with_unprefixed_keys(text: str, order: OrderBy) -> None:
    assert parse_order(text, lookup=lookup) == order


@pytest.mark.parametrize(
    ("text", "marks", "reason"),
    [
        ("loss DESC", "^^^^", "as a metric and as a param"),
        ("typo DESC", "^^^^", "No run has a metric, param or tag 'typo'."),
        ("metrics.Rank ICC DESC", "^^^^^^^^^^^^^^^^", "No run has a metric 'Rank ICC'."),
        ("metrics.IC DOWN", "           ^^^^", "Expected ASC, DESC or nothing after"),
        ("Rank IC DOWN", "        ^^^^", "Expected ASC, DESC or nothing after"),
        ("status DOWN", "       ^^^^", "Expected ASC, DESC or nothing after"),
        ("Rank IC DESC, loss", "            ^", "pass further sort keys separately"),
        ("statsu DESC", "^^^^^^", "did you mean status?"),
        ("", "^", "Expected a field to sort by"),
    ],
)
def test_sort_order_with_unknown_or_ambiguous_key_is_marked(text: str, marks: str, reason: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse_order(text, lookup=lookup)
    assert " " * caught.value.position + "^" * caught.value.length == marks
    assert reason in caught.value.reason


@pytest.mark.parametrize("text", ["status = 'FINISHED' AND params.x = '1'", "metrics.`Rank IC` > 1", "lgb 2026", ""])
def test_lookup_is_not_called_for_mlflow_filters(text: str) -> None:
    def refuse(keys: Collection[str]) -> Mapping[str, Collection[FieldKind]]:
        raise AssertionError(keys)

    parse_filter(text, lookup=refuse)
