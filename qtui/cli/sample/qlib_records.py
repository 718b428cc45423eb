"""Predictions, signal analysis and backtest of a sample run, written by our own record templates."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qtui.errors import LoadObjectError

if TYPE_CHECKING:
    from pandas import DataFrame, Series

INSTRUMENTS = 40
FIRST_DAY, DAYS = "2019-01-02", 380
LABEL_DAYS = 1
CONFIG: Mapping[str, Any] = {
    "strategy": {"class": "TopkDropoutStrategy", "kwargs": {"signal": "<PRED>", "topk": 10, "n_drop": 1}},
    "backtest": {"account": 1e8, "exchange_kwargs": {"open_cost": 0.0005, "close_cost": 0.0015, "min_cost": 5}},
}


class PickledRecorder:
    """A recorder for record templates that keeps pickles by path, and metrics."""

    def __init__(self) -> None:
        self.artifacts: dict[str, bytes] = {}
        self.metrics: dict[str, float] = {}

    def save_objects(self, local_path: str | None = None, artifact_path: str | None = None, **kwargs: Any) -> None:
        """Pickle objects."""
        prefix = f"{artifact_path}/" if artifact_path else ""
        self.artifacts |= {prefix + name: pickle.dumps(value, protocol=4) for name, value in kwargs.items()}

    def load_object(self, name: str) -> Any:
        """Return a saved object."""
        if name not in self.artifacts:
            raise LoadObjectError(f"There is no artifact {name}.")
        return pickle.loads(self.artifacts[name])

    def list_artifacts(self, artifact_path: str | None = None) -> list[str]:
        """Return the paths in a folder."""
        prefix = f"{artifact_path}/" if artifact_path else ""
        return [path for path in self.artifacts if path.startswith(prefix)]

    def log_metrics(self, step: int | None = None, **kwargs: Any) -> None:
        """Keep metrics."""
        self.metrics |= kwargs

    def list_metrics(self) -> Mapping[str, float]:
        """Return the metrics."""
        return self.metrics


def qlib_records(seed: int, skill: float) -> PickledRecorder:
    """Return artifacts and metrics of a model whose daily IC is `skill` on average, on an invented market."""
    from qtui.quant.templates import PortAnaRecord, SigAnaRecord

    returns = _returns(seed)
    pred, label = _signal(returns, seed, skill)
    recorder = PickledRecorder()
    objects: dict[str, Any] = {"pred.pkl": pred, "label.pkl": label}
    recorder.save_objects(**objects)
    SigAnaRecord(recorder).generate()
    days = returns.index
    backtest = {
        **CONFIG["backtest"],
        "start_time": days[1],
        "end_time": days[-3],
        "benchmark": returns.mean(axis="columns"),
    }
    PortAnaRecord(recorder, {**CONFIG, "backtest": backtest}, prices=_prices(returns)).generate()
    return recorder


def _returns(seed: int) -> DataFrame:
    """Return daily returns by instrument, with a common movement of the market."""
    import numpy
    import pandas

    generator = numpy.random.default_rng(seed)
    days = pandas.bdate_range(FIRST_DAY, periods=DAYS, name="datetime")
    codes = [f"SH60{number * 37 % 1000:04d}" for number in range(1, INSTRUMENTS + 1)]
    market = generator.normal(0.0004, 0.009, DAYS)[:, None]
    return pandas.DataFrame(market + generator.normal(0, 0.012, (DAYS, INSTRUMENTS)), days, codes)


def _signal(returns: DataFrame, seed: int, skill: float) -> tuple[DataFrame, DataFrame]:
    """Return scores and labels: the label is the return of the day after next, as in Qlib's Alpha158."""
    import numpy

    generator = numpy.random.default_rng(seed + 1)
    label = returns.shift(-LABEL_DAYS - 1).iloc[: -LABEL_DAYS - 1]
    ranks = label.sub(label.mean(axis="columns"), axis="index").div(label.std(axis="columns"), axis="index")
    noise = generator.normal(0, 1, label.shape)
    score = skill * ranks + (1 - skill**2) ** 0.5 * noise
    return _by_day_and_code(score, "score"), _by_day_and_code(label, "LABEL0")


def _by_day_and_code(table: DataFrame, name: str) -> DataFrame:
    series: Series = table.rename_axis(columns="instrument").stack()  # type: ignore[assignment]
    return series.to_frame(name)


def _prices(returns: DataFrame) -> DataFrame:
    """Return prices with the columns that the backtest needs."""
    import pandas

    close = 20 * (1 + returns).cumprod()
    columns = {"$close": close, "$change": returns, "$volume": close * 0 + 1e8}
    tables = {name: _by_day_and_code(table, name)[name] for name, table in columns.items()}
    return pandas.DataFrame(tables)
