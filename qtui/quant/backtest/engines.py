"""Which backtest runs: ours where prices are given, Qlib's on Qlib's data where they are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qtui.errors import ConfigError
from qtui.quant.backtest.simulation import backtest
from qtui.quant.workflow.instances import qlib_installed

if TYPE_CHECKING:
    from pandas import DataFrame, Index

QLIBS_DETAIL = "indicators_normal_{}_obj.pkl"
OUR_DETAIL = "orders_normal_{}.pkl"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a backtest gave, by frequency."""

    reports: Mapping[str, DataFrame]
    positions: Mapping[str, Any]
    indicators: Mapping[str, DataFrame]
    details: Mapping[str, Any]
    """By the name of the artifact: Qlib's Indicator, or the table of our orders."""

    def artifacts(self) -> dict[str, Any]:
        """All of it, in Qlib's names."""
        return {
            **{f"report_normal_{freq}.pkl": report for freq, report in self.reports.items()},
            **{f"positions_normal_{freq}.pkl": positions for freq, positions in self.positions.items()},
            **{f"indicators_normal_{freq}.pkl": indicators for freq, indicators in self.indicators.items()},
            **self.details,
        }


def run_backtest(strategy: Any, executor: Any, settings: Mapping[str, Any], pred: DataFrame, prices: Any) -> Outcome:
    """Run a backtest; its time is that of the predictions where the settings leave it open."""
    if prices is not None:
        spanned = {"start_time": None, "end_time": None, **settings}
        return _outcome(OUR_DETAIL, *backtest(strategy=strategy, executor=executor, prices=prices, **spanned))
    if not qlib_installed():
        raise ConfigError("A backtest needs prices: give the record prices=..., or install Qlib for its data.")
    from qlib.backtest import backtest as qlibs_backtest

    times = pred.index.get_level_values("datetime")
    start, end = settings.get("start_time"), settings.get("end_time")
    spanned = {**settings, "start_time": start or times.min(), "end_time": end or _last_day(times)}
    return _outcome(QLIBS_DETAIL, *qlibs_backtest(strategy=strategy, executor=executor, **spanned))


def _last_day(times: Index[Any]) -> Any:
    """The day after the last prediction, if Qlib's calendar has another one after it, which Qlib needs."""
    import pandas
    from qlib.data import D

    calendar = pandas.DatetimeIndex(D.calendar(future=True))
    after = calendar.searchsorted(times.max(), side="right")
    return calendar[min(after, len(calendar) - 2)]


def _outcome(detail: str, portfolio: Mapping[str, Any], indicators: Mapping[str, Any]) -> Outcome:
    return Outcome(
        reports={freq: report for freq, (report, _) in portfolio.items()},
        positions={freq: positions for freq, (_, positions) in portfolio.items()},
        indicators={freq: table for freq, (table, _) in indicators.items()},
        details={detail.format(freq): found for freq, (_, found) in indicators.items()},
    )
