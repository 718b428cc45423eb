"""Look up which metrics, params and tags the runs of a store have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from qtui.entities import Run, ViewType
from qtui.query import required_values
from qtui.query.ast import LOGGED_KINDS, Field, FieldKind, Filter, IsNull, Or
from qtui.query.field_values import field_getter
from qtui.query.unprefixed_keys import KeyLookup
from qtui.store.protocol import RunQuery, Store
from qtui.store.search import collect_batches


def key_lookup(store: Store, experiment_ids: Sequence[str] | None, view: ViewType) -> KeyLookup:
    """Return a lookup among the keys of these runs, for `parse_filter` and `parse_order`; its results are cached."""
    kinds: dict[str, Collection[FieldKind]] = {}

    def kinds_of(keys: Collection[str]) -> Mapping[str, Collection[FieldKind]]:
        new = [key for key in keys if key not in kinds]
        if new:
            fields = fields_of_runs(
                store, (Field(kind, key) for key in new for kind in LOGGED_KINDS), experiment_ids, view
            )
            kinds.update((key, [kind for kind in LOGGED_KINDS if Field(kind, key) in fields]) for key in new)
        return {key: kinds[key] for key in keys}

    return kinds_of


def fields_of_runs(
    store: Store, fields: Iterable[Field], experiment_ids: Sequence[str] | None, view: ViewType
) -> frozenset[Field]:
    """Return the metrics, params and tags that at least one of these runs has.

    A store that pushes filters is searched for one run with any missing field until there is none. The values of
    other stores are read once, up to the run with the last missing field.
    """
    missing = frozenset(fields)
    present: frozenset[Field] = frozenset()
    ids = None if experiment_ids is None else tuple(experiment_ids)
    if store.capabilities.pushes_filters:
        while missing:
            runs = store.search(
                RunQuery(ids, view, any_of(missing), limit=1, projection=required_values(any_of(missing)))
            ).runs
            new = present_fields(runs, missing)
            if not new:
                break
            present, missing = present | new, missing - new
    elif missing:
        infos, _ = collect_batches(store.infos(ids, view))
        for batch in store.runs(infos, required_values(any_of(missing))):
            new = present_fields(batch.items, missing)
            present, missing = present | new, missing - new
            if not missing:
                break
    return present


def any_of(fields: Iterable[Field]) -> Filter:
    """Return the filter for runs that have at least one of these fields."""
    return Filter(Or(tuple(IsNull(field, negated=True) for field in sorted(fields, key=repr))), now=0)


def present_fields(runs: Iterable[Run], fields: Iterable[Field]) -> frozenset[Field]:
    """Return those fields that at least one of these runs has; the values of the fields must have been read."""
    getters = {field: field_getter(field, now=0) for field in fields}
    present: set[Field] = set()
    for run in runs:
        present |= {field for field in getters.keys() - present if getters[field](run) is not None}
    return frozenset(present)
