"""Choose the backtest: the built-in one when prices are given, otherwise Qlib's on Qlib's data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from qtui.errors import ConfigError
from qtui.quant.backtest.simulation import backtest
from qtui.quant.workflow.instances import qlib_installed
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from pandas import DataFrame, Index

QLIB_DETAIL_FILE = "indicators_normal_{}_obj.pkl"
BUILTIN_DETAIL_FILE = "orders_normal_{}.pkl"


@dataclass(frozen=True, slots=True)
class BacktestResult:
    """The results of a backtest, by frequency."""

    reports: Mapping[str, DataFrame]
    positions: Mapping[str, Any]
    indicators: Mapping[str, DataFrame]
    details: Mapping[str, Any]
    """By artifact name: Qlib's Indicator object, or the table of orders of the built-in backtest."""

    def artifacts(self) -> dict[str, Any]:
        """Return the results by Qlib's artifact names."""
        return {
            **{f"report_normal_{freq}.pkl": report for freq, report in self.reports.items()},
            **{f"positions_normal_{freq}.pkl": positions for freq, positions in self.positions.items()},
            **{f"indicators_normal_{freq}.pkl": indicators for freq, indicators in self.indicators.items()},
            **self.details,
        }


def run_backtest(
    strategy: Any, executor: Any, settings: Mapping[str, Any], pred: DataFrame, prices: Any
) -> BacktestResult:
    """Run a backtest; start and end default to those of the predictions."""
    if prices is not None:
        spanned = {"start_time": None, "end_time": None, **settings}
        return _backtest_result(
            BUILTIN_DETAIL_FILE, *backtest(strategy=strategy, executor=executor, prices=prices, **spanned)
        )
    if not qlib_installed():
        raise ConfigError("A backtest needs prices: give the record prices=..., or install Qlib for its data.")
    from qlib.backtest import backtest as qlib_backtest

    times = pred.index.get_level_values("datetime")
    start, end = settings.get("start_time"), settings.get("end_time")
    spanned = {**settings, "start_time": start or times.min(), "end_time": end or _last_day(times)}
    return _backtest_result(QLIB_DETAIL_FILE, *qlib_backtest(strategy=strategy, executor=executor, **spanned))


def _last_day(times: Index[Any]) -> Any:
    """Return the day after the last prediction, at most the last but one of the calendar, as Qlib requires."""
    import pandas
    from qlib.data import D

    calendar = pandas.DatetimeIndex(D.calendar(future=True))
    after = calendar.searchsorted(times.max(), side="right")
    return calendar[min(after, len(calendar) - 2)]


def _backtest_result(detail: str, portfolio: Mapping[str, Any], indicators: Mapping[str, Any]) -> BacktestResult:
    return BacktestResult(
        reports={freq: report for freq, (report, _) in portfolio.items()},
        positions={freq: positions for freq, (_, positions) in portfolio.items()},
        indicators={freq: table for freq, (table, _) in indicators.items()},
        details={detail.format(freq): orders for freq, (_, orders) in indicators.items()},
    )
