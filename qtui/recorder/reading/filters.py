"""Filters as text, read for the runs of a store."""

from __future__ import annotations

from datetime import timedelta

from qtui.query import KeyLookup, parse_filter
from qtui.query.ast import Filter
from qtui.query.rewrite import asks_for_stale, with_stale_runs
from qtui.recorder.reading.health import SILENCE, stale_runs
from qtui.store import Store


def read_filter(store: Store, text: str, lookup: KeyLookup, silence: timedelta = SILENCE) -> Filter | None:
    """Return the filter that a text means for this store, None for a blank one.

    Keys without their prefix are looked up, and `status = stale` becomes the runs that have been silent so long.
    """
    query = parse_filter(text, lookup=lookup)
    if query is None or not asks_for_stale(query):
        return query
    return with_stale_runs(query, (stale.info.run_id for stale in stale_runs(store, query.now, silence)))
