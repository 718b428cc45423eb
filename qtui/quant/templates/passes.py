"""Repeated backtests with shuffled initial scores, to measure how much returns depend on the first holdings."""

from __future__ import annotations

import builtins
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qtui.errors import ConfigError
from qtui.quant.templates.portfolio import PRED, PortAnaRecord, flatten
from qtui.quant.templates.template import FillableRecorder

if TYPE_CHECKING:
    from pandas import DataFrame

logger = logging.getLogger(__name__)

COMPARED_MEASURES = ("annualized_return", "information_ratio")


class MultiPassPortAnaRecord(PortAnaRecord):
    """Backtest `pass_num` times with the first day's scores shuffled; save mean and standard deviation.

    Pass i logs its metrics at step i. Shuffling uses NumPy's global random generator.
    """

    def __init__(
        self,
        recorder: FillableRecorder | None,
        pass_num: int = 10,
        shuffle_init_score: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(recorder, **kwargs)
        if not isinstance(self.strategy_config, Mapping) or "signal" not in self.strategy_config.get("kwargs", {}):
            raise ConfigError("MultiPassPortAnaRecord needs a strategy config (a dict) with a signal.")
        if pass_num < 1:
            raise ConfigError(f"pass_num must be at least 1, not {pass_num}.")
        self.pass_num = pass_num
        self.shuffle_init_score = shuffle_init_score

    def list(self) -> builtins.list[str]:
        return [f"multi_pass_port_analysis_{freq}.pkl" for freq in self._reported_frequencies(self.risk_analysis_freq)]

    def _generate(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Return mean and standard deviation of the passes by frequency, and log them as metrics."""
        pred = self.load("pred.pkl")
        signal = self.strategy_config["kwargs"]["signal"]
        shuffles = self.shuffle_init_score and isinstance(signal, str) and signal == PRED
        if self.shuffle_init_score and not shuffles:
            logger.warning("Scores are not shuffled: the strategy's signal is not %s.", PRED)
        passes = []
        for number in range(self.pass_num):
            analysis = self._analyse(self._shuffle(pred) if shuffles else pred)
            self.recorder.log_metrics(number, **{key: float(value) for key, value in analysis.metrics.items()})
            logger.info("Pass %d of %d done", number + 1, self.pass_num)
            passes.append(analysis.artifacts)
        tables = {
            name: compare_passes([artifacts[name.removeprefix("multi_pass_")] for artifacts in passes])
            for name in self.list()
        }
        for table in tables.values():
            self.log({f"{column}.{key}": value for column in table for key, value in flatten(table[column]).items()})
        return tables

    def _shuffle(self, pred: DataFrame) -> DataFrame:
        """Return the predictions with the scores of the backtest's first day shuffled."""
        import numpy
        import pandas

        times = pred.index.get_level_values("datetime")
        start = self.backtest_config.get("start_time")
        first = (times if start is None else times[times >= pandas.Timestamp(start)]).min()
        shuffled = pred.copy()
        scores = shuffled.iloc[:, 0].to_numpy(copy=True)
        scores[times == first] = numpy.random.permutation(scores[times == first])
        shuffled.isetitem(0, scores)
        return shuffled


def compare_passes(analyses: builtins.list[DataFrame]) -> DataFrame:
    """Return mean, standard deviation and their ratio over several analyses."""
    import pandas

    risks = pandas.concat([analysis["risk"] for analysis in analyses], axis="columns").sort_index()
    risks = risks[risks.index.get_level_values(1).isin(COMPARED_MEASURES)]
    mean, std = risks.mean(axis="columns"), risks.std(axis="columns")
    return pandas.DataFrame({"mean": mean, "std": std, "mean_std": mean / std})
