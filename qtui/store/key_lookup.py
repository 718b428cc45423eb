"""Which of some metrics, params and tags the runs of a store have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from qtui.entities import Run, View
from qtui.query import needed
from qtui.query.ast import LOGGED, Field, Filter, IsNull, Kind, Or
from qtui.query.keys import KeyLookup
from qtui.query.values import getter
from qtui.store.protocol import RunQuery, Store


def key_lookup(store: Store, experiment_ids: Sequence[str] | None, view: View) -> KeyLookup:
    """Return a lookup among the keys of these runs, for `parse_filter` and `parse_order`; it asks for a key once."""
    known: dict[str, Collection[Kind]] = {}

    def kinds_of(keys: Collection[str]) -> Mapping[str, Collection[Kind]]:
        asked = [key for key in keys if key not in known]
        if asked:
            fields = fields_of_runs(store, (Field(kind, key) for key in asked for kind in LOGGED), experiment_ids, view)
            known.update((key, [kind for kind in LOGGED if Field(kind, key) in fields]) for key in asked)
        return {key: known[key] for key in keys}

    return kinds_of


def fields_of_runs(
    store: Store, fields: Iterable[Field], experiment_ids: Sequence[str] | None, view: View
) -> frozenset[Field]:
    """Return the metrics, params and tags that at least one of these runs has.

    Each search is for one run with any of those not seen yet, so that a database answers without reading them all.
    """
    missing = list(dict.fromkeys(fields))
    seen: set[Field] = set()
    ids = None if experiment_ids is None else tuple(experiment_ids)
    while missing:
        any_of = Filter(Or(tuple(IsNull(field, negated=True) for field in missing)), now=0)
        runs = store.search(RunQuery(ids, view, any_of, limit=1, wanted=needed(any_of))).runs
        present = present_fields(runs, missing)
        if not present:
            break
        seen |= present
        missing = [field for field in missing if field not in present]
    return frozenset(seen)


def present_fields(runs: Iterable[Run], fields: Iterable[Field]) -> frozenset[Field]:
    """Return those of the fields that at least one of these runs, as they were read, has."""
    getters = {field: getter(field, now=0) for field in fields}
    present: set[Field] = set()
    for run in runs:
        present |= {field for field in getters.keys() - present if getters[field](run) is not None}
    return frozenset(present)
