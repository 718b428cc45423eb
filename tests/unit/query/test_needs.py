"""What must be read before a filter or an order can be answered."""

from __future__ import annotations

import pytest

from qtui.query import needed, parse_filter, parse_order, union
from qtui.query.wanted import EVERYTHING, NOTHING, Wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", NOTHING),
        ("status = failed AND started < 2d", NOTHING),
        ("params.lr > 0.1 OR NOT params.model = 'x'", Wanted(params=frozenset({"lr", "model"}))),
        ("metrics.ic > 0 AND tags.team IS NULL", Wanted(metrics=frozenset({"ic"}), tags=frozenset({"team"}))),
        ("best(metrics.ic) > 0", Wanted(summaries=frozenset({"ic"}))),
        ("last(metrics.ic) > 0", Wanted(metrics=frozenset({"ic"}))),
        ("dataset.context = 'train'", Wanted(inputs=True)),
        ("lgb", Wanted(params=None, tags=None)),
        ("lgb params.lr = 1", Wanted(params=None, tags=None)),
    ],
)
def test_a_filter_needs_only_what_it_names(text: str, wanted: Wanted) -> None:
    assert needed(parse_filter(text)) == wanted


def test_an_order_needs_its_keys_too() -> None:
    orders = [parse_order("metrics.ic DESC"), parse_order("start_time"), parse_order("min(loss)")]
    wanted = needed(parse_filter("params.lr = 1"), orders)
    assert wanted == Wanted(params=frozenset({"lr"}), metrics=frozenset({"ic"}), summaries=frozenset({"loss"}))


def test_together_two_want_what_either_wants() -> None:
    some = Wanted(params=frozenset({"a"}), metrics=None)
    other = Wanted(params=frozenset({"b"}), metrics=frozenset({"c"}), inputs=True)
    assert union(some, other) == Wanted(params=frozenset({"a", "b"}), metrics=None, inputs=True)
    assert union(some, NOTHING) == some
    assert union(EVERYTHING, some) == EVERYTHING
