"""Property tests of filters, sort orders and arbitrary texts."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Collection, Mapping
from functools import partial

from hypothesis import assume, given
from hypothesis import strategies as st
from mlflow.utils.search_utils import SearchUtils

from qtui.entities import Run
from qtui.errors import QuerySyntaxError
from qtui.query import parse_filter, parse_order, predicate, render, required_values, sort_runs
from qtui.query.ast import FieldKind, Filter
from qtui.query.projection import Projection
from tests.unit.query.mlflow_runs import mlflow_run
from tests.unit.query.strategies import any_text, filters, mlflow_filters, mlflow_orders, runs

NAMES = ["metrics.", "params.", "tags.a", "ic", "lgb", "status", "started", "duration", "best(", "(", ")", ","]
OPERATORS = ["=", "!=", "<", ">", "~", "!~", "AND", "OR", "NOT", "IN", "IS", "NULL", "LIKE", "BETWEEN"]
VALUES = ["'", '"', "`", "e'", "\\", "[", "1", "-2.5", "nan", "2d", "2026-01-01", "12:30", "\0", "\n", "é"]
fragments = st.sampled_from(NAMES) | st.sampled_from(OPERATORS) | st.sampled_from(VALUES)
soups = st.lists(fragments | st.text(max_size=3), max_size=12).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda glue: glue.join(parts))
)


@given(text=mlflow_filters(), found=st.lists(runs, min_size=1, max_size=6))
def test_filter_matches_like_mlflow(text: str, found: list[Run]) -> None:
    theirs = SearchUtils.filter([mlflow_run(run) for run in found], text)
    query = parse_filter(text)
    assert query is not None
    ours = filter(predicate(query), found)
    assert [run.info.run_id for run in ours] == [run.info.run_id for run in theirs]


@given(orders=st.lists(mlflow_orders(), max_size=3), found=st.lists(runs, max_size=8))
def test_order_equals_mlflow(orders: list[str], found: list[Run]) -> None:
    numbered = [
        dataclasses.replace(run, info=dataclasses.replace(run.info, experiment_id=str(place)))
        for place, run in enumerate(found)
    ]
    theirs = SearchUtils.sort([mlflow_run(run) for run in numbered], orders)
    ours = sort_runs(numbered, [parse_order(text) for text in orders])
    assert [run.info.experiment_id for run in ours] == [run.info.experiment_id for run in theirs]


@given(query=filters)
def test_rendered_filter_parses_into_the_same_tree(query: Filter) -> None:
    assert parse_filter(render(query), now=query.now) == query


@given(text=mlflow_filters(), found=st.lists(runs, min_size=1, max_size=3))
def test_rendered_mlflow_filter_is_valid_in_mlflow(text: str, found: list[Run]) -> None:
    query = parse_filter(text)
    assert query is not None
    rendered = render(query)
    assume("e'" not in rendered and 'e"' not in rendered)
    theirs = SearchUtils.filter([mlflow_run(run) for run in found], rendered)
    assert [run.info.run_id for run in filter(predicate(query), found)] == [run.info.run_id for run in theirs]


def refuse_lookup(keys: Collection[str]) -> Mapping[str, Collection[FieldKind]]:
    """Fail: no key may be looked up."""
    raise AssertionError(keys)


def find_some(keys: Collection[str]) -> Mapping[str, Collection[FieldKind]]:
    """Return no, one or several kinds, depending on the length of the key."""
    kinds = (FieldKind.METRIC, FieldKind.PARAM, FieldKind.TAG)
    return {key: kinds[: len(key) % 3] for key in keys}


@given(text=mlflow_filters())
def test_mlflow_filter_does_not_depend_on_existing_keys(text: str) -> None:
    assert parse_filter(text, now=0, lookup=refuse_lookup) == parse_filter(text, now=0)


@given(text=mlflow_orders())
def test_mlflow_order_does_not_depend_on_existing_keys(text: str) -> None:
    assert parse_order(text, lookup=refuse_lookup) == parse_order(text)


@given(text=soups | any_text)
def test_any_text_is_a_filter_or_an_error_with_a_position(text: str) -> None:
    for parse in (
        parse_filter,
        parse_order,
        partial(parse_filter, lookup=find_some),
        partial(parse_order, lookup=find_some),
    ):
        try:
            parse(text)
        except QuerySyntaxError as error:
            assert 0 <= error.position <= len(text)
            assert error.length >= 1
            assert error.reason.endswith((".", "?"))


@given(text=soups)
def test_parsed_filter_can_be_rendered_and_evaluated(text: str) -> None:
    with contextlib.suppress(QuerySyntaxError):
        for query in (parse_filter(text, now=0), parse_filter(text, now=0, lookup=find_some)):
            assume(query is not None)
            assert parse_filter(render(query), now=0) == query
            predicate(query)


@given(query=filters, run=runs)
def test_required_values_are_sufficient(query: Filter, run: Run) -> None:
    assert predicate(query)(_only(run, required_values(query))) is predicate(query)(run)


def _only(run: Run, projection: Projection) -> Run:
    """Return a run with only the projected values."""

    def kept(values: dict, keys: frozenset[str] | None) -> dict:
        return {key: value for key, value in values.items() if keys is None or key in keys}

    return Run(
        run.info,
        kept(run.params, projection.params),
        kept(run.metrics, projection.metrics),
        kept(run.tags, projection.tags),
        run.inputs if projection.inputs else (),
        kept(run.summaries, projection.summaries),
    )
