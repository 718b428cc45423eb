"""Filtering by whole columns gives the answer that asking run by run gives."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from qtui.entities import Run
from qtui.query import parse_filter, predicate
from qtui.query.ast import And, Expr, Filter, Not, Or
from qtui.runs.filter_rows import filter_mask
from qtui.runs.runs_frame import RunsFrame
from tests.unit.runs.build import run
from tests.unit.runs.strategies import NOW, stores

LEAVES = [
    "metrics.IC > 0.05",
    "metrics.IC != 1",
    "metrics.lr = 1e999",
    "max(metrics.IC) <= 1",
    "best(metrics.`l2.train`) < 1",
    "first(metrics.lr) >= 0",
    "metrics.IC IS NULL",
    "metrics.nowhere IS NULL",
    "params.lr = '0.1'",
    "params.lr = 0.1",
    "params.lr > 5",
    "params.model != 'lgb'",
    "params.model ILIKE 'l%'",
    "params.model ~ '^[0-9]+$'",
    "params.model NOT IN ('lgb', '9')",
    "params.nowhere IS NULL",
    "tags.model IS NOT NULL",
    "tags.lr <= 9",
    "status = failed",
    "status IN ('RUNNING', 'FAILED')",
    "run_name LIKE 'g%'",
    "run_name IS NULL",
    "user_id = ''",
    "run_id ~ 'a'",
    "experiment_id != '1'",
    "lifecycle_stage = 'deleted'",
    "started > 2d",
    "start_time IS NULL",
    "end_time <= 1600000000000",
    "duration < 10m",
    "duration IS NOT NULL",
    "dataset.name = 'csi300'",
    "dataset.context = 'train'",
    "dataset.digest IS NULL",
    "grid",
    "词",
    "LG",
    "mod",
    "b1",
]


def expr_of(text: str) -> Expr:
    parsed = parse_filter(text, now=NOW)
    assert parsed is not None
    return parsed.expr


def combined(part: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    parts = st.lists(part, min_size=1, max_size=3).map(tuple)
    return st.builds(And, parts) | st.builds(Or, parts) | st.builds(Not, part)


QUERIES = {leaf: Filter(expr_of(leaf), NOW) for leaf in LEAVES}
filters = st.recursive(st.sampled_from([expr_of(leaf) for leaf in LEAVES]), combined, max_leaves=6)


@given(stores, filters)
@example([], expr_of("grid"))
def test_whole_columns_give_the_answer_of_run_by_run(runs: Sequence[Run], expr: Expr) -> None:
    query = Filter(expr, NOW)
    assert filter_mask(RunsFrame.from_runs(runs), query).tolist() == [predicate(query)(run) for run in runs]


@given(runs=stores)
def test_every_kind_of_comparison_gives_the_answer_of_run_by_run(runs: Sequence[Run]) -> None:
    frame = RunsFrame.from_runs(runs)
    for leaf, query in QUERIES.items():
        assert filter_mask(frame, query).tolist() == [predicate(query)(run) for run in runs], leaf


def test_a_run_whose_values_are_not_read_yet_does_not_match_them() -> None:
    frame = RunsFrame().with_infos([run("a").info]).with_runs([run("b", metrics={"ic": 1.0})])

    assert filter_mask(frame, Filter(expr_of("metrics.ic > 0"), NOW)).tolist() == [False, True]
