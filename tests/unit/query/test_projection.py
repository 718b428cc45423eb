"""Tests of the values that filters and sort orders require."""

from __future__ import annotations

import pytest

from qtui.query import parse_filter, parse_order, required_values
from qtui.query.projection import ALL_VALUES, NO_VALUES, Projection


@pytest.mark.parametrize(
    ("text", "projection"),
    [
        ("", NO_VALUES),
        ("status = failed AND started < 2d", NO_VALUES),
        ("params.lr > 0.1 OR NOT params.model = 'x'", Projection(params=frozenset({"lr", "model"}))),
        ("metrics.ic > 0 AND tags.team IS NULL", Projection(metrics=frozenset({"ic"}), tags=frozenset({"team"}))),
        ("best(metrics.ic) > 0", Projection(summaries=frozenset({"ic"}))),
        ("last(metrics.ic) > 0", Projection(metrics=frozenset({"ic"}))),
        ("dataset.context = 'train'", Projection(inputs=True)),
        ("lgb", Projection(params=None, tags=None)),
        ("lgb params.lr = 1", Projection(params=None, tags=None)),
    ],
)
def test_filter_requires_its_fields(text: str, projection: Projection) -> None:
    assert required_values(parse_filter(text)) == projection


def test_sort_order_requires_its_keys() -> None:
    orders = [parse_order("metrics.ic DESC"), parse_order("start_time"), parse_order("min(loss)")]
    projection = required_values(parse_filter("params.lr = 1"), orders)
    assert projection == Projection(params=frozenset({"lr"}), metrics=frozenset({"ic"}), summaries=frozenset({"loss"}))


def test_union_of_projections() -> None:
    some = Projection(params=frozenset({"a"}), metrics=None)
    other = Projection(params=frozenset({"b"}), metrics=frozenset({"c"}), inputs=True)
    assert some.union(other) == Projection(params=frozenset({"a", "b"}), metrics=None, inputs=True)
    assert some.union(NO_VALUES) == some
    assert ALL_VALUES.union(some) == ALL_VALUES
