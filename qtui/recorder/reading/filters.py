"""Parsing filters for the runs of a store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from qtui.formatting import now_ms
from qtui.query import KeyLookup, parse_filter
from qtui.query.ast import And, Comparison, Field, FieldKind, Filter, Operator
from qtui.query.rewrite import asks_for_stale, with_stale_runs
from qtui.recorder.reading.health import STALE_AFTER, stale_runs
from qtui.store import Store


def read_filter(store: Store, text: str, lookup: KeyLookup, stale_after: timedelta = STALE_AFTER) -> Filter | None:
    """Parse a filter for this store; return None for a blank text.

    Unprefixed keys are looked up. `status = stale` becomes the IDs of running runs without writes in `stale_after`.
    """
    query = parse_filter(text, lookup=lookup)
    if query is None or not asks_for_stale(query):
        return query
    infos = (info for batch in store.infos() for info in batch.items)
    return with_stale_runs(query, (stale.info.run_id for stale in stale_runs(store, infos, query.now, stale_after)))


def with_statuses(query: Filter | None, statuses: Sequence[str]) -> Filter:
    """Return a filter that also requires one of these statuses, in a form that servers can evaluate if possible."""
    field = Field(FieldKind.ATTRIBUTE, "status")
    if len(statuses) == 1:
        comparison = Comparison(field, Operator.EQ, statuses[0])
    else:
        comparison = Comparison(field, Operator.IN, tuple(statuses))
    if query is None:
        return Filter(comparison, now=now_ms())
    parts = query.expr.parts if isinstance(query.expr, And) else (query.expr,)
    return Filter(And((comparison, *parts)), query.now)
