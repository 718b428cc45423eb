"""Metrics and artifacts of many recorders as one DataFrame."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from qtui.errors import ConfigError
from qtui.quant.collectors import RecorderCollector, id_of

if TYPE_CHECKING:
    from pandas import DataFrame

logger = logging.getLogger(__name__)

Recorders = Iterable[Any] | Mapping[Any, Any]


def collect_metrics(recorders: Recorders, key: Callable[[Any], Hashable] = id_of) -> DataFrame:
    """Return the latest metric values: one row per recorder, one column per metric.

    >>> class Run:
    ...     def __init__(self, number): self.info, self.number = {"id": f"r{number}"}, number
    ...     def list_metrics(self): return {"IC": self.number / 100}
    >>> print(collect_metrics([Run(4), Run(5)]))
          IC
    r4  0.04
    r5  0.05
    """
    import pandas

    rows = {key(recorder): dict(recorder.list_metrics()) for recorder in _values(recorders)}
    return pandas.DataFrame.from_dict(rows, orient="index", dtype="float64").sort_index(axis="columns")


def collect_frames(recorders: Recorders, path: str, key: Callable[[Any], Hashable] = id_of) -> DataFrame:
    """Return one artifact of all recorders that have it: frames stacked by recorder, series as columns.

    Raises ConfigError if the artifact is neither a frame nor a series.
    """
    import pandas

    listed = list(_values(recorders))
    collector = RecorderCollector(lambda: listed, rec_key_func=key, artifacts_path={path: path}, status=None)
    artifacts = collector.collect().get(path, {})
    kinds = {type(value) for value in artifacts.values()}
    if kinds <= {pandas.Series}:
        return pandas.concat(artifacts, axis="columns") if artifacts else pandas.DataFrame()
    if kinds == {pandas.DataFrame}:
        return pandas.concat(artifacts, names=["recorder"])
    names = " and ".join(sorted(kind.__name__ for kind in kinds))
    raise ConfigError(f"{path} holds {names}, which cannot be combined into a frame.")


def _values(recorders: Recorders) -> Iterable[Any]:
    return recorders.values() if isinstance(recorders, Mapping) else recorders
