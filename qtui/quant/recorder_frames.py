"""What many recorders hold, as one table."""

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
    """The latest value of every metric: a row for each recorder, a column for each metric.

    >>> class Run:
    ...     def __init__(self, number): self.info, self.number = {"id": f"r{number}"}, number
    ...     def list_metrics(self): return {"IC": self.number / 100}
    >>> print(collect_metrics([Run(4), Run(5)]))
          IC
    r4  0.04
    r5  0.05
    """
    import pandas

    rows = {key(recorder): dict(recorder.list_metrics()) for recorder in _each(recorders)}
    return pandas.DataFrame.from_dict(rows, orient="index", dtype="float64").sort_index(axis="columns")


def collect_frames(recorders: Recorders, path: str, key: Callable[[Any], Hashable] = id_of) -> DataFrame:
    """One artifact of all recorders that have it: frames below each other by recorder, series side by side."""
    import pandas

    each = list(_each(recorders))
    collector = RecorderCollector(lambda: each, rec_key_func=key, artifacts_path={path: path}, status=None)
    found = collector.collect().get(path, {})
    kinds = {type(thing) for thing in found.values()}
    if kinds <= {pandas.Series}:
        return pandas.concat(found, axis="columns") if found else pandas.DataFrame()
    if kinds == {pandas.DataFrame}:
        return pandas.concat(found, names=["recorder"])
    raise ConfigError(
        f"{path} holds {' and '.join(sorted(kind.__name__ for kind in kinds))}, of which no table is made."
    )


def _each(recorders: Recorders) -> Iterable[Any]:
    return recorders.values() if isinstance(recorders, Mapping) else recorders
