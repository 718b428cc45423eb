"""Artifacts of a run that the record templates have written, for tests."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy
from pandas import DataFrame, Series

from qtui.quant.templates import PortAnaRecord, SigAnaRecord
from tests.data.qlib_market import BENCHMARK, DAYS, prices, scores
from tests.unit.quant.templates.double import MemoryRecorder

CONFIG: dict[str, Any] = {
    "strategy": {"class": "TopkDropoutStrategy", "kwargs": {"signal": "<PRED>", "topk": 4, "n_drop": 2}},
    "backtest": {"start_time": DAYS[1], "end_time": DAYS[-2], "account": 1e6, "benchmark": BENCHMARK},
}
REPORT = "portfolio_analysis/report_normal_1day.pkl"
POSITIONS = "portfolio_analysis/positions_normal_1day.pkl"


@cache
def recorded() -> MemoryRecorder:
    """Return a recorder with predictions, labels, a signal analysis and a backtest; a label is missing."""
    pred = scores(1)
    noise = numpy.random.default_rng(2).normal(size=len(pred))
    label = Series(pred.to_numpy() + noise, pred.index).where(pred.index != pred.index[3])
    recorder = MemoryRecorder(**{"pred.pkl": pred.to_frame("score"), "label.pkl": label.to_frame("LABEL0")})
    SigAnaRecord(recorder).generate()
    PortAnaRecord(recorder, CONFIG, prices=prices(1)).generate()
    return recorder


def artifact(path: str) -> bytes:
    """Return the bytes of an artifact."""
    return recorded().artifacts[path]


def frame(path: str) -> DataFrame:
    """Return a frame among the artifacts."""
    value: DataFrame = recorded().load_object(path)
    return value
