"""What a portfolio that follows the predictions would have earned: its backtest, and how good it was."""

from __future__ import annotations

import builtins
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qtui.errors import ConfigError
from qtui.quant.backtest.engines import Outcome, run_backtest
from qtui.quant.measures import indicator_analysis, risk_analysis
from qtui.quant.measures.frequency import Frequency
from qtui.quant.templates.signal import SignalRecord
from qtui.quant.templates.surface import FillableRecorder
from qtui.quant.templates.template import ACRecordTemp
from qtui.quant.workflow.placeholders import fill_placeholder

if TYPE_CHECKING:
    from pandas import DataFrame, Series

logger = logging.getLogger(__name__)

PRED = "<PRED>"
FREQUENT = re.compile(r"(report_normal|positions_normal|port_analysis)_\w+\.pkl")
"""Artifacts that had no frequency in their names up to Qlib 0.7.2."""

DAILY_TOP_50: Mapping[str, Any] = {
    "strategy": {
        "class": "TopkDropoutStrategy",
        "module_path": "qlib.contrib.strategy",
        "kwargs": {"signal": PRED, "topk": 50, "n_drop": 5},
    },
    "backtest": {
        "start_time": None,
        "end_time": None,
        "account": 100000000,
        "benchmark": "SH000300",
        "exchange_kwargs": {
            "limit_threshold": 0.095,
            "deal_price": "close",
            "open_cost": 0.0005,
            "close_cost": 0.0015,
            "min_cost": 5,
        },
    },
}
DAILY: Mapping[str, Any] = {
    "class": "SimulatorExecutor",
    "module_path": "qlib.backtest.executor",
    "kwargs": {"time_per_step": "day", "generate_portfolio_metrics": True},
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A backtest with what is thought of it: objects to save and metrics to log."""

    artifacts: dict[str, Any]
    metrics: dict[str, float]


class PortAnaRecord(ACRecordTemp):
    """Backtests a strategy on the saved predictions, and analyses return, risk and execution.

    `config` has a `strategy`, an `executor` and the arguments of a `backtest`, each as in Qlib. With `prices`, a frame
    or a function (start, end) of one, the backtest is qtui's own; without them it is Qlib's.
    """

    artifact_path = "portfolio_analysis"
    depend_cls = SignalRecord

    def __init__(
        self,
        recorder: FillableRecorder | None,
        config: Mapping[str, Any] | None = None,
        risk_analysis_freq: Sequence[str] | str | None = None,
        indicator_analysis_freq: Sequence[str] | str | None = None,
        indicator_analysis_method: str | None = None,
        skip_existing: bool = False,
        *,
        prices: Any = None,
    ) -> None:
        super().__init__(recorder, skip_existing)
        config = DAILY_TOP_50 if config is None else config
        if not {"strategy", "backtest"} <= config.keys():
            raise ConfigError("The config of a PortAnaRecord has a strategy and a backtest, and may have an executor.")
        self.strategy_config = config["strategy"]
        self.executor_config = config.get("executor", DAILY)
        self.backtest_config = dict(config["backtest"])
        self.all_freq = report_frequencies(self.executor_config)
        self.risk_analysis_freq = _named(risk_analysis_freq, self.all_freq)
        self.indicator_analysis_freq = _named(indicator_analysis_freq, self.all_freq)
        self.indicator_analysis_method = indicator_analysis_method
        self.prices = prices

    @classmethod
    def older_names(cls, name: str) -> tuple[str, ...]:
        """The name without a frequency, as it was up to Qlib 0.7.2."""
        found = FREQUENT.fullmatch(name)
        return (f"{found[1]}.pkl",) if found else ()

    def list(self) -> builtins.list[str]:
        """The names of its artifacts."""
        reports = [f"{what}_{freq}.pkl" for freq in self.all_freq for what in ("report_normal", "positions_normal")]
        risks = [f"port_analysis_{freq}.pkl" for freq in self._reported(self.risk_analysis_freq)]
        executed = [f"indicator_analysis_{freq}.pkl" for freq in self._reported(self.indicator_analysis_freq)]
        return reports + risks + executed

    def _generate(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """The backtest and its analyses; their numbers go among the metrics."""
        judged = self._judged(self.load("pred.pkl"))
        self.log(judged.metrics)
        return judged.artifacts

    def _judged(self, pred: DataFrame) -> Judged:
        """A backtest with these predictions, and what is thought of it."""
        given = {PRED: pred}
        strategy, executor = (fill_placeholder(each, given) for each in (self.strategy_config, self.executor_config))
        outcome = run_backtest(strategy, executor, self.backtest_config, pred, self.prices)
        judged = Judged(outcome.artifacts(), {})
        self._judge_risk(outcome, judged)
        self._judge_execution(outcome, judged)
        return judged

    def _judge_risk(self, outcome: Outcome, judged: Judged) -> None:
        for freq in self._reported(self.risk_analysis_freq):
            analysis = excess_return_analysis(outcome.reports[freq], freq)
            judged.artifacts[f"port_analysis_{freq}.pkl"] = analysis
            judged.metrics.update({f"{freq}.{key}": value for key, value in flat(analysis["risk"]).items()})

    def _judge_execution(self, outcome: Outcome, judged: Judged) -> None:
        for freq in self._reported(self.indicator_analysis_freq):
            analysis = indicator_analysis(outcome.indicators[freq], self.indicator_analysis_method or "mean")
            judged.artifacts[f"indicator_analysis_{freq}.pkl"] = analysis
            judged.metrics.update({f"{freq}.{key}": value for key, value in analysis["value"].items()})

    def _reported(self, wanted: Sequence[str]) -> builtins.list[str]:
        """Those of the wanted frequencies that the executor reports."""
        for freq in wanted:
            if freq not in self.all_freq:
                logger.warning("Nothing is reported every %s: generate_portfolio_metrics is not set for it.", freq)
        return [freq for freq in wanted if freq in self.all_freq]


def excess_return_analysis(report: DataFrame, freq: str) -> DataFrame:
    """The risk of what was earned beyond the benchmark, before and after costs."""
    import pandas

    excess = report["return"] - report["bench"]
    return pandas.concat(
        {
            "excess_return_without_cost": risk_analysis(excess, freq=freq),
            "excess_return_with_cost": risk_analysis(excess - report["cost"], freq=freq),
        }
    )


def flat(values: Series) -> dict[str, float]:
    """The values by the names of all levels of their index, with dots between them."""
    return dict(zip(values.index.map(".".join), values, strict=True))


def report_frequencies(executor: Any) -> list[str]:
    """The frequencies at which an executor, described or made, and those within it report the portfolio."""
    settings = executor.get("kwargs") or {} if isinstance(executor, Mapping) else vars(executor)
    own = settings.get("generate_portfolio_metrics", False)
    found = [Frequency.parse(str(settings["time_per_step"])).name] if own else []
    inner = settings.get("inner_executor")
    return found if inner is None else found + report_frequencies(inner)


def _named(wanted: Sequence[str] | str | None, reported: Sequence[str]) -> list[str]:
    """The frequencies by the names they have in artifacts; the outermost reported one where none is wanted."""
    if wanted is not None:
        return [Frequency.parse(each).name for each in ([wanted] if isinstance(wanted, str) else wanted)]
    if not reported:
        raise ConfigError("The executor reports nothing: generate_portfolio_metrics must be set for one frequency.")
    return [reported[0]]
