"""Whether a portfolio owes its return to where it began: the same backtest many times, from random first holdings."""

from __future__ import annotations

import builtins
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qtui.errors import ConfigError
from qtui.quant.templates.portfolio import PRED, PortAnaRecord, flat
from qtui.quant.templates.surface import FillableRecorder

if TYPE_CHECKING:
    from pandas import DataFrame

logger = logging.getLogger(__name__)

COMPARED = ("annualized_return", "information_ratio")


class MultiPassPortAnaRecord(PortAnaRecord):
    """Backtests `pass_num` times, with the scores of the first day shuffled, and tells mean and spread of the passes.

    Each pass logs its metrics at a step of its own, so that they make a curve. NumPy's global generator shuffles.
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
            raise ConfigError("A MultiPassPortAnaRecord needs a strategy that is described by a dict, with a signal.")
        if pass_num < 1:
            raise ConfigError(f"pass_num must be 1 or more, but it is {pass_num}.")
        self.pass_num = pass_num
        self.shuffle_init_score = shuffle_init_score

    def list(self) -> builtins.list[str]:
        """The names of its artifacts."""
        return [f"multi_pass_port_analysis_{freq}.pkl" for freq in self._reported(self.risk_analysis_freq)]

    def _generate(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Mean and spread of the passes, for each frequency; they go among the metrics, too."""
        pred = self.load("pred.pkl")
        signal = self.strategy_config["kwargs"]["signal"]
        shuffles = self.shuffle_init_score and isinstance(signal, str) and signal == PRED
        if self.shuffle_init_score and not shuffles:
            logger.warning("Nothing is shuffled, since the signal of the strategy is not %s.", PRED)
        passes = []
        for number in range(self.pass_num):
            judged = self._judged(self._shuffled(pred) if shuffles else pred)
            self.recorder.log_metrics(number, **{key: float(value) for key, value in judged.metrics.items()})
            logger.info("Pass %d of %d is done", number + 1, self.pass_num)
            passes.append(judged.artifacts)
        found = {name: compared([each[name.removeprefix("multi_pass_")] for each in passes]) for name in self.list()}
        for table in found.values():
            self.log({f"{column}.{key}": value for column in table for key, value in flat(table[column]).items()})
        return found

    def _shuffled(self, pred: DataFrame) -> DataFrame:
        """The predictions with the scores of the first day of the backtest dealt out anew."""
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


def compared(analyses: builtins.list[DataFrame]) -> DataFrame:
    """The mean of several analyses, their spread, and the mean in units of the spread."""
    import pandas

    risks = pandas.concat([each["risk"] for each in analyses], axis="columns").sort_index()
    risks = risks[risks.index.get_level_values(1).isin(COMPARED)]
    mean, std = risks.mean(axis="columns"), risks.std(axis="columns")
    return pandas.DataFrame({"mean": mean, "std": std, "mean_std": mean / std})
