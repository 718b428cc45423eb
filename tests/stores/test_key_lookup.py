"""Look up which keys the runs of a store have, so that a key without its prefix can be resolved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qtui.entities import Listing, Run, RunInfo, ViewType
from qtui.errors import QuerySyntaxError
from qtui.query import parse_filter, parse_order
from qtui.query.ast import Field, FieldKind
from qtui.query.projection import ALL_VALUES, Projection
from qtui.recorder import Library
from qtui.store import Page, RunQuery, Store
from qtui.store.key_lookup import fields_of_runs, key_lookup


class CountingStore:
    """A store that counts how often values are read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.readings = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def search(self, query: RunQuery) -> Page:
        self.readings += 1
        return self._store.search(query)

    def runs(self, infos: Sequence[RunInfo], projection: Projection = ALL_VALUES) -> Iterator[Listing[Run]]:
        self.readings += 1
        return self._store.runs(infos, projection)


def ids_of(page: Page) -> list[str]:
    """Return the ids of the runs of a page, in their order."""
    return [run.info.run_id for run in page.runs]


def test_a_lookup_returns_every_kind_of_a_key(store: Store) -> None:
    lookup = key_lookup(store, None, ViewType.ACTIVE)
    assert lookup(["lr", "loss", "note with spaces", "nested/ic", "never", "名"]) == {
        "lr": [FieldKind.PARAM],
        "loss": [FieldKind.METRIC],
        "note with spaces": [FieldKind.TAG],
        "nested/ic": [FieldKind.METRIC],
        "never": [],
        "名": [FieldKind.PARAM],
    }


def test_a_lookup_is_limited_to_its_experiments_and_view(store: Store) -> None:
    ids = {experiment.name: experiment.experiment_id for experiment in store.experiments(ViewType.ALL).items}
    other = key_lookup(store, [ids["量化/β"]], ViewType.ACTIVE)
    assert other(["lr", "team", "nested/ic"]) == {"lr": [FieldKind.PARAM], "team": [], "nested/ic": []}
    deleted = key_lookup(store, [ids["alpha"]], ViewType.DELETED)
    assert deleted(["lr", "loss"]) == {"lr": [FieldKind.PARAM], "loss": []}


def test_a_key_is_looked_up_once(store: Store) -> None:
    counting = CountingStore(store)
    lookup = key_lookup(counting, None, ViewType.ACTIVE)
    lookup(["loss", "never"])
    readings = counting.readings
    lookup(["never", "loss"])
    assert counting.readings == readings > 0


def test_a_key_without_its_prefix_filters_and_sorts_as_with_it(store: Store) -> None:
    library = Library.over(store)
    for bare, qualified in (
        ("nested/ic > 0", "metrics.`nested/ic` > 0"),
        ("note with spaces = x", "tags.`note with spaces` = 'x'"),
        ("full loss < 1 and lr <= 0.1", "full AND metrics.loss < 1 AND params.lr <= 0.1"),
        ("lr is null or loss < 0.5", "params.lr IS NULL OR metrics.loss < 0.5"),
    ):
        expected = ids_of(store.search(RunQuery(filter=parse_filter(qualified))))
        assert ids_of(library.search(filter=bare)) == expected != []
    order = (parse_order("metrics.loss DESC"),)
    assert ids_of(library.search(order_by=["loss desc"])) == ids_of(store.search(RunQuery(order_by=order)))


def test_an_unknown_key_is_an_error(store: Store) -> None:
    for text in ("losss > 1", "`losss` > 1"):
        try:
            Library.over(store).search(filter=text)
        except QuerySyntaxError as error:
            assert error.reason == "No run has a metric, param or tag 'losss'."
        else:
            raise AssertionError(text)


def test_unknown_fields_of_a_query_are_returned(store: Store) -> None:
    library = Library.over(store)
    query = library.query(
        filter="metrics.typo > 1 or not best(metrics.loss) > 9", order_by=["params.nope", "lr", "status"]
    )
    missing = (Field(FieldKind.METRIC, "typo"), Field(FieldKind.PARAM, "nope"))
    assert library.missing_fields(query) == missing
    assert library.missing_fields(query, store.search(query).runs) == missing
    assert fields_of_runs(store, missing, None, ViewType.ACTIVE) == frozenset()
