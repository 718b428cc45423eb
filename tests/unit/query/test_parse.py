"""Tests of the parser beyond MLflow's grammar, by the canonical text of filters."""

from __future__ import annotations

import pytest

from qtui.query import parse_filter, parse_order, render
from qtui.query.ast import Aggregate, And, Comparison, Field, FieldKind, Not, Operator, OrderBy, Word
from tests.unit.query.runs import NOW

CANONICAL = [
    # Connectives: OR loosest, then AND or succession, then NOT
    ("a OR b AND c", "a OR (b AND c)"),
    ("(a OR b) AND c", "(a OR b) AND c"),
    ("a b c", "a AND b AND c"),
    ("a or b c or d", "a OR (b AND c) OR d"),
    ("not a and b", "NOT a AND b"),
    ("NOT (a and b)", "NOT (a AND b)"),
    ("not not a", "NOT NOT a"),
    ("((a))", "a"),
    ("a(b)", "a AND b"),
    ("a AND (b AND c)", "a AND (b AND c)"),
    ("metrics.ic > 1 params.x = 'y'", "metrics.ic > 1 AND params.x = 'y'"),
    # Words
    ("lgb", "lgb"),
    ("'lgb model'", "'lgb model'"),
    ('"and"', "'and'"),
    ("`x y`", "'x y'"),
    ("-x", "'-x'"),
    ("2026", "2026"),
    ("status", "status"),
    ("config.yaml", "'config.yaml'"),
    ("lgb status = failed", "lgb AND status = 'FAILED'"),
    # Names
    ("name = a", "run_name = 'a'"),
    ("Name = a", "run_name = 'a'"),
    ("`Run Name` = a", "run_name = 'a'"),
    ("id = a", "run_id = 'a'"),
    ("user = a", "user_id = 'a'"),
    ("METRICS.ic > 1", "metrics.ic > 1"),
    ("metrics.m/nested > 1", "metrics.`m/nested` > 1"),
    ("metrics.a-b:c > 1", "metrics.`a-b:c` > 1"),
    ("params.e'tab\\tkey' = x", "params.e'tab\\tkey' = 'x'"),
    # Values without quotes
    ("status = failed", "status = 'FAILED'"),
    ("status != Running", "status != 'RUNNING'"),
    ("status = stale", "status = 'STALE'"),
    ("status = 'failed'", "status = 'failed'"),
    ("status LIKE f%", "status LIKE 'f%'"),
    ("lifecycle_stage = DELETED", "lifecycle_stage = 'deleted'"),
    ("experiment_id = 7", "experiment_id = '7'"),
    ("run_name = 2026", "run_name = '2026'"),
    ("params.model = lgb", "params.model = 'lgb'"),
    ("params.path = /data/x.csv", "params.path = '/data/x.csv'"),
    ("tags.mlflow.user = alice", "tags.mlflow.user = 'alice'"),
    ("dataset.name = alpha158", "dataset.name = 'alpha158'"),
    ("artifact_uri ~ s3://bucket", "artifact_uri ~ 's3://bucket'"),
    # Numbers against text
    ("params.lr = 0.1", "params.lr = 0.1"),
    ("params.lr = '0.1'", "params.lr = '0.1'"),
    ("params.lr<=1e-3", "params.lr <= 0.001"),
    ("tags.fold >= 3", "tags.fold >= 3"),
    ("params.n LIKE 1%", "params.n LIKE '1%'"),
    ("params.n = 1h", "params.n = '1h'"),
    # Other comparisons
    ("metrics.ic == 1", "metrics.ic = 1"),
    ("metrics.ic <> 1", "metrics.ic != 1"),
    ("run_name =~ a", "run_name ~ 'a'"),
    ("run_name RLIKE a", "run_name ~ 'a'"),
    ("run_name !~ '^a'", "run_name !~ '^a'"),
    ("run_name NOT LIKE 'a%'", "run_name IS NOT NULL AND NOT run_name LIKE 'a%'"),
    ("metrics.ic IS NULL", "metrics.ic IS NULL"),
    ("end_time is not null", "end_time IS NOT NULL"),
    ("metrics.ic BETWEEN 0 AND 1", "metrics.ic >= 0 AND metrics.ic <= 1"),
    ("metrics.ic NOT BETWEEN 0 AND 1", "metrics.ic < 0 OR metrics.ic > 1"),
    ("metrics.ic between 0 and 1 and lgb", "(metrics.ic >= 0 AND metrics.ic <= 1) AND lgb"),
    ("metrics.loss = inf", "metrics.loss = 1e999"),
    ("metrics.loss > -Infinity", "metrics.loss > -1e999"),
    ("metrics.loss = nan", "metrics.loss IS NOT NULL AND NOT metrics.loss <= 1e999"),
    ("metrics.loss != NaN", "metrics.loss <= 1e999"),
    # Lists
    ("status IN (failed, Killed)", "status IN ('FAILED', 'KILLED')"),
    ("params.model IN (lgb, 'x y',)", "params.model IN ('lgb', 'x y')"),
    ("params.lr IN (0.1, 0.2)", "params.lr = 0.1 OR params.lr = 0.2"),
    ("params.lr NOT IN (0.1, none)", "params.lr != 0.1 AND params.lr != 'none'"),
    ("metrics.ic IN (1)", "metrics.ic = 1"),
    ("run_id IN ('a\\'b')", 'run_id IN ("a\'b")'),
    # Histories
    ("best(metrics.ic) > 0.05", "best(metrics.ic) > 0.05"),
    ("BEST(ic) > 0.05", "best(metrics.ic) > 0.05"),
    ("min(`rank ic`) < 0", "min(metrics.`rank ic`) < 0"),
    ("max(val.loss) < 1 first(a) = 1", "max(metrics.val.loss) < 1 AND first(metrics.a) = 1"),
    ("last(metrics.ic) > 1", "metrics.ic > 1"),
    ("best", "best"),
    # Times: an age turns less and greater around
    ("started > 2d", f"start_time < {NOW - 2 * 86_400_000}"),
    ("started < 2h", f"start_time > {NOW - 2 * 3_600_000}"),
    ("ended >= 1h30m", f"end_time <= {NOW - 5_400_000}"),
    ("ended <= '1h 30m'", f"end_time >= {NOW - 5_400_000}"),
    ("start_time > 1.5w", f"start_time < {NOW - 907_200_000}"),
    ("started > 2026-01-01", f"start_time > {NOW}"),
    ("started >= '2026-01-01 12:30'", f"start_time >= {NOW + 45_000_000}"),
    ("started > 2026-01-01 12:30", f"start_time > {NOW + 45_000_000}"),
    ("started > 2026-01-01 12:30 lgb", f"start_time > {NOW + 45_000_000} AND lgb"),
    ("started < 2026-01-01T12:30:00Z", f"start_time < {NOW + 45_000_000}"),
    ("started < 2026-01-01T12:30+02:00", f"start_time < {NOW + 45_000_000 - 7_200_000}"),
    ("started > yesterday", f"start_time > {NOW - 86_400_000}"),
    ("started <= now", f"start_time <= {NOW}"),
    ("started = today", f"start_time >= {NOW} AND start_time < {NOW + 86_400_000}"),
    ("started != 2025-12-31", f"start_time < {NOW - 86_400_000} OR start_time >= {NOW}"),
    ("started > 1760000000000", "start_time > 1760000000000"),
    # Durations
    ("duration < 10m", "duration < 600000ms"),
    ("duration >= 1h30m", "duration >= 5400000ms"),
    ("duration > 250ms", "duration > 250ms"),
    ("duration > '1d 2h'", "duration > 93600000ms"),
]


@pytest.mark.parametrize(("text", "canonical"), CANONICAL)
def test_filter_has_a_canonical_text(text: str, canonical: str) -> None:
    query = parse_filter(text, now=NOW)
    assert query is not None
    assert render(query) == canonical
    assert parse_filter(canonical, now=NOW) == query


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_blank_filter_is_none(text: str) -> None:
    assert parse_filter(text) is None


def test_filter_is_a_tree_with_a_time() -> None:
    query = parse_filter("lgb AND NOT best(metrics.ic) > 0.05", now=NOW)
    assert query is not None
    ic = Field(FieldKind.METRIC, "ic", Aggregate.BEST)
    assert query.expr == And((Word("lgb"), Not(Comparison(ic, Operator.GT, 0.05))))
    assert query.now == NOW


@pytest.mark.parametrize("text", ["it's", 'say "hi"', "both ' and \"", "all ' \" `", "back\\slash", "\n", "e'x'", ""])
def test_any_text_is_rendered_losslessly(text: str) -> None:
    field = Field(FieldKind.TAG, text)
    query = parse_filter("a", now=NOW)
    assert query is not None
    for operator, value in ((Operator.EQ, text), (Operator.IN, (text, text))):
        asked = type(query)(Comparison(field, operator, value), NOW)
        assert parse_filter(render(asked), now=NOW) == asked


@pytest.mark.parametrize(
    ("text", "field", "ascending"),
    [
        ("best(metrics.ic) DESC", Field(FieldKind.METRIC, "ic", Aggregate.BEST), False),
        ("min(loss)", Field(FieldKind.METRIC, "loss", Aggregate.MIN), True),
        ("duration desc", Field(FieldKind.ATTRIBUTE, "duration"), False),
        ("started", Field(FieldKind.ATTRIBUTE, "start_time"), True),
        (" name  ASC ", Field(FieldKind.ATTRIBUTE, "run_name"), True),
        ("experiment_id", Field(FieldKind.ATTRIBUTE, "experiment_id"), True),
        ("metrics.m/nested DESC", Field(FieldKind.METRIC, "m/nested"), False),
    ],
)
def test_sort_order_beyond_mlflow(text: str, field: Field, ascending: bool) -> None:
    assert parse_order(text) == OrderBy(field, ascending)
