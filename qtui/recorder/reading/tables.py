"""Runs as columns of pandas: one row a run, typed, absent values empty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qtui.entities import Run, RunInfo, View
from qtui.errors import UsageError
from qtui.query import parse_order
from qtui.query.wanted import Wanted
from qtui.recorder.reading.filters import read_filter
from qtui.store import RunQuery, Store
from qtui.store.key_lookup import key_lookup

if TYPE_CHECKING:
    from pandas import DataFrame, Series

VIEW_TYPES: Mapping[int, View] = {1: View.ACTIVE, 2: View.DELETED, 3: View.ALL}
"""MLflow's numbers for the views of runs."""

MAX_RECORDS = 100_000
RECORDED = Wanted(params=None, metrics=None, tags=None)
YEARS_1_TO_9999 = range(-62_135_596_800_000, 253_402_300_800_000)


def search_records(
    store: Store,
    experiment_ids: Sequence[str] | None,
    filter_string: str = "",
    run_view_type: int = 1,
    max_results: int = MAX_RECORDS,
    order_by: Sequence[str] | None = None,
) -> DataFrame:
    """The runs that match, as `mlflow.search_runs` lays them out."""
    if run_view_type not in VIEW_TYPES:
        raise UsageError(f"run_view_type is {run_view_type!r}, but must be 1 (active), 2 (deleted) or 3 (all).")
    view = VIEW_TYPES[run_view_type]
    lookup = key_lookup(store, experiment_ids, view)
    query = RunQuery(
        experiment_ids=None if experiment_ids is None else tuple(experiment_ids),
        view=view,
        filter=read_filter(store, filter_string, lookup),
        order_by=tuple(parse_order(text, lookup=lookup) for text in order_by or ()),
        limit=max_results,
        wanted=RECORDED,
    )
    return table_of(store.search(query).runs)


def table_of(runs: Sequence[Run]) -> DataFrame:
    """Runs as a table with their attributes, metrics, params and tags."""
    import pandas

    return pandas.DataFrame({**attribute_columns([run.info for run in runs]), **value_columns(runs)})


def attribute_columns(infos: Sequence[RunInfo]) -> dict[str, Series[Any]]:
    """What MLflow tells of every run, in its order."""
    return {
        "run_id": texts(info.run_id for info in infos),
        "experiment_id": texts(info.experiment_id for info in infos),
        "status": texts(info.status for info in infos),
        "artifact_uri": texts(info.artifact_uri for info in infos),
        "start_time": times(info.start_time for info in infos),
        "end_time": times(info.end_time for info in infos),
    }


def value_columns(runs: Sequence[Run]) -> dict[str, Series]:
    """A column for every metric, param and tag of these runs."""
    metrics = {
        f"metrics.{key}": numbers(point.value if (point := run.metrics.get(key)) else None for run in runs)
        for key in keys(run.metrics for run in runs)
    }
    params = {f"params.{key}": texts(run.params.get(key) for run in runs) for key in keys(run.params for run in runs)}
    tags = {f"tags.{key}": texts(run.tags.get(key) for run in runs) for key in keys(run.tags for run in runs)}
    return {**metrics, **params, **tags}


def keys(mappings: Iterable[Mapping[str, object]]) -> list[str]:
    """All keys that occur, sorted."""
    return sorted(set().union(*mappings))


def texts(values: Iterable[str | None]) -> Series:
    """A column of text."""
    import pandas

    return pandas.Series(list(values), dtype="object")


def numbers(values: Iterable[float | None]) -> Series:
    """A column of floats, NaN where there is none."""
    import pandas

    return pandas.Series(list(values), dtype="float64")


def times(values: Iterable[int | None]) -> Series:
    """A column of moments in UTC from milliseconds; what is beyond the calendar is left empty."""
    import pandas

    known = [value if value is not None and value in YEARS_1_TO_9999 else None for value in values]
    return pandas.Series(pandas.to_datetime(pandas.Series(known, dtype="datetime64[ms]"), utc=True))
