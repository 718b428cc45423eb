"""Portfolio analysis: backtest a strategy on the predictions and analyse risk and execution."""

from __future__ import annotations

import builtins
import logging
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qtui.errors import ConfigError
from qtui.quant.backtest.engines import BacktestResult, run_backtest
from qtui.quant.measures import indicator_analysis, risk_analysis
from qtui.quant.measures.frequency import Frequency
from qtui.quant.templates.signal import SignalRecord
from qtui.quant.templates.template import ACRecordTemp, FillableRecorder
from qtui.quant.workflow.placeholders import fill_placeholder
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from pandas import DataFrame, Series

logger = logging.getLogger(__name__)

PRED = "<PRED>"
NAME_WITH_FREQUENCY = re.compile(r"(report_normal|positions_normal|port_analysis)_\w+\.pkl")
"""Artifacts whose names have no frequency up to Qlib 0.7.2."""

DEFAULT_CONFIG: Mapping[str, Any] = {
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
DEFAULT_EXECUTOR: Mapping[str, Any] = {
    "class": "SimulatorExecutor",
    "module_path": "qlib.backtest.executor",
    "kwargs": {"time_per_step": "day", "generate_portfolio_metrics": True},
}


@dataclass(frozen=True, slots=True)
class PortfolioAnalysis:
    """The artifacts and metrics of an analysed backtest."""

    artifacts: dict[str, Any]
    metrics: dict[str, float]


class PortAnaRecord(ACRecordTemp):
    """Backtest a strategy on the saved predictions and save return, risk and execution analyses.

    `config` has a `strategy`, an `executor` and the arguments of a `backtest`, as in Qlib. With `prices` (a frame, or
    a function (start, end) returning one) the built-in backtest runs, otherwise Qlib's.
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
        config = DEFAULT_CONFIG if config is None else config
        if not {"strategy", "backtest"} <= config.keys():
            raise ConfigError("PortAnaRecord needs a config with a strategy and a backtest.")
        self.strategy_config = config["strategy"]
        self.executor_config = config.get("executor", DEFAULT_EXECUTOR)
        self.backtest_config = dict(config["backtest"])
        self.all_freq = report_frequencies(self.executor_config)
        self.risk_analysis_freq = _frequency_names(risk_analysis_freq, self.all_freq)
        self.indicator_analysis_freq = _frequency_names(indicator_analysis_freq, self.all_freq)
        self.indicator_analysis_method = indicator_analysis_method
        self.prices = prices

    @classmethod
    def older_names(cls, name: str) -> tuple[str, ...]:
        """Return the name without its frequency, as up to Qlib 0.7.2."""
        match = NAME_WITH_FREQUENCY.fullmatch(name)
        return (f"{match[1]}.pkl",) if match else ()

    def list(self) -> builtins.list[str]:
        reports = [f"{kind}_{freq}.pkl" for freq in self.all_freq for kind in ("report_normal", "positions_normal")]
        risks = [f"port_analysis_{freq}.pkl" for freq in self._reported_frequencies(self.risk_analysis_freq)]
        executed = [
            f"indicator_analysis_{freq}.pkl" for freq in self._reported_frequencies(self.indicator_analysis_freq)
        ]
        return reports + risks + executed

    def _generate(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Return the backtest and its analyses, and log their numbers as metrics."""
        analysis = self._analyse(self.load("pred.pkl"))
        self.log(analysis.metrics)
        return analysis.artifacts

    def _analyse(self, pred: DataFrame) -> PortfolioAnalysis:
        """Backtest these predictions and analyse the result."""
        values = {PRED: pred}
        strategy = fill_placeholder(self.strategy_config, values)
        executor = fill_placeholder(self.executor_config, values)
        result = run_backtest(strategy, executor, self.backtest_config, pred, self.prices)
        analysis = PortfolioAnalysis(result.artifacts(), {})
        self._add_risk(result, analysis)
        self._add_execution(result, analysis)
        return analysis

    def _add_risk(self, result: BacktestResult, analysis: PortfolioAnalysis) -> None:
        for freq in self._reported_frequencies(self.risk_analysis_freq):
            risk = excess_return_analysis(result.reports[freq], freq)
            analysis.artifacts[f"port_analysis_{freq}.pkl"] = risk
            analysis.metrics.update({f"{freq}.{key}": value for key, value in flatten(risk["risk"]).items()})

    def _add_execution(self, result: BacktestResult, analysis: PortfolioAnalysis) -> None:
        for freq in self._reported_frequencies(self.indicator_analysis_freq):
            indicators = indicator_analysis(result.indicators[freq], self.indicator_analysis_method or "mean")
            analysis.artifacts[f"indicator_analysis_{freq}.pkl"] = indicators
            analysis.metrics.update({f"{freq}.{key}": value for key, value in indicators["value"].items()})

    def _reported_frequencies(self, frequencies: Sequence[str]) -> builtins.list[str]:
        """Return the frequencies that the executor reports, with a warning for the others."""
        for freq in frequencies:
            if freq not in self.all_freq:
                logger.warning("No report for %s: generate_portfolio_metrics is not set for that frequency.", freq)
        return [freq for freq in frequencies if freq in self.all_freq]


def excess_return_analysis(report: DataFrame, freq: str) -> DataFrame:
    """Return the risk measures of the returns in excess of the benchmark, without and with cost."""
    import pandas

    excess = report["return"] - report["bench"]
    return pandas.concat(
        {
            "excess_return_without_cost": risk_analysis(excess, freq=freq),
            "excess_return_with_cost": risk_analysis(excess - report["cost"], freq=freq),
        }
    )


def flatten(values: Series) -> dict[str, float]:
    """Return the values by their index labels joined with dots."""
    return dict(zip(values.index.map(".".join), values, strict=True))


def report_frequencies(executor: Any) -> list[str]:
    """Return the frequencies at which an executor (object or config) and its inner executors report."""
    settings = executor.get("kwargs") or {} if isinstance(executor, Mapping) else vars(executor)
    reports = settings.get("generate_portfolio_metrics", False)
    frequencies = [Frequency.parse(str(settings["time_per_step"])).name] if reports else []
    inner = settings.get("inner_executor")
    return frequencies if inner is None else frequencies + report_frequencies(inner)


def _frequency_names(frequencies: Sequence[str] | str | None, reported: Sequence[str]) -> list[str]:
    """Return frequencies as written in artifact names; by default the outermost one that is reported."""
    if frequencies is not None:
        texts = [frequencies] if isinstance(frequencies, str) else frequencies
        return [Frequency.parse(text).name for text in texts]
    if not reported:
        raise ConfigError("The executor reports nothing: set generate_portfolio_metrics for one frequency.")
    return [reported[0]]
