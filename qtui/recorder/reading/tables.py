"""Tables of runs: one row per run, typed columns, missing values empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qtui.entities import Run, RunInfo, ViewType
from qtui.errors import UsageError
from qtui.query import parse_order
from qtui.query.projection import Projection
from qtui.recorder.reading.filters import read_filter
from qtui.store import RunQuery, Store
from qtui.store.key_lookup import key_lookup

if TYPE_CHECKING:
    from pandas import DataFrame, Series

VIEW_TYPES: Mapping[int, ViewType] = {1: ViewType.ACTIVE, 2: ViewType.DELETED, 3: ViewType.ALL}
"""MLflow's numbers of the run views."""

MAX_RECORDS = 100_000
"""MLflow's default limit of a search."""
TABLE_VALUES = Projection(params=None, metrics=None, tags=None)
YEARS_1_TO_9999_MS = range(-62_135_596_800_000, 253_402_300_800_000)


def search_records(
    store: Store,
    experiment_ids: str | int | Sequence[str | int] | None,
    filter_string: str = "",
    run_view_type: int = 1,
    max_results: int = MAX_RECORDS,
    order_by: Sequence[str] | None = None,
) -> DataFrame:
    """Return the matching runs as a table with the columns of `mlflow.search_runs`."""
    if run_view_type not in VIEW_TYPES:
        raise UsageError(f"run_view_type is {run_view_type!r}, but must be 1 (active), 2 (deleted) or 3 (all).")
    view = VIEW_TYPES[run_view_type]
    values = [experiment_ids] if isinstance(experiment_ids, str | int) else experiment_ids
    ids = None if values is None else tuple(map(str, values))
    lookup = key_lookup(store, ids, view)
    query = RunQuery(
        experiment_ids=ids,
        view=view,
        filter=read_filter(store, filter_string, lookup),
        order_by=tuple(parse_order(text, lookup=lookup) for text in order_by or ()),
        limit=max_results,
        projection=TABLE_VALUES,
    )
    return table_of(store.search(query).runs)


def table_of(runs: Sequence[Run]) -> DataFrame:
    """Return a table of runs with their attributes, metrics, params and tags."""
    import pandas

    return pandas.DataFrame({**attribute_columns([run.info for run in runs]), **value_columns(runs)})


def attribute_columns(infos: Sequence[RunInfo]) -> dict[str, Series[Any]]:
    """Return the columns of MLflow's run attributes, in its order."""
    return {
        "run_id": texts(info.run_id for info in infos),
        "experiment_id": texts(info.experiment_id for info in infos),
        "status": texts(info.status for info in infos),
        "artifact_uri": texts(info.artifact_uri for info in infos),
        "start_time": times(info.start_time for info in infos),
        "end_time": times(info.end_time for info in infos),
    }


def value_columns(runs: Sequence[Run]) -> dict[str, Series]:
    """Return a column for every metric, param and tag of these runs."""
    metrics = {
        f"metrics.{key}": numbers(point.value if (point := run.metrics.get(key)) else None for run in runs)
        for key in keys(run.metrics for run in runs)
    }
    params = {f"params.{key}": texts(run.params.get(key) for run in runs) for key in keys(run.params for run in runs)}
    tags = {f"tags.{key}": texts(run.tags.get(key) for run in runs) for key in keys(run.tags for run in runs)}
    return {**metrics, **params, **tags}


def keys(mappings: Iterable[Mapping[str, object]]) -> list[str]:
    """Return all keys, sorted."""
    return sorted(set().union(*mappings))


def texts(values: Iterable[str | None]) -> Series:
    """Return a column of text."""
    import pandas

    return pandas.Series(list(values), dtype="object")


def numbers(values: Iterable[float | None]) -> Series:
    """Return a column of floats; missing values are NaN."""
    import pandas

    return pandas.Series(list(values), dtype="float64")


def times(values: Iterable[int | None]) -> Series:
    """Return a column of UTC times from milliseconds; values outside the calendar are empty."""
    import pandas

    valid = [value if value is not None and value in YEARS_1_TO_9999_MS else None for value in values]
    return pandas.Series(pandas.to_datetime(pandas.Series(valid, dtype="datetime64[ms]"), utc=True))
