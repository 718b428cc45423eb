"""The report of a run that Qlib has recorded has Qlib's own numbers."""

from __future__ import annotations

import pytest

from qtui.artifacts.qlib_files import backtest_report
from qtui.artifacts.qlib_files.backtest_report import format_measure, risk_of
from qtui.artifacts.qlib_files.daily_correlation import summarise
from qtui.plot.rows import plain_text
from qtui.recorder import Library
from qtui.tui.load.run_report import ReportLoaded, load_report
from tests.data.qlib_market import BENCHMARK, DAYS
from tests.interop.conftest import Qlib

NAMES = {
    "excess with cost": backtest_report.EXCESS_WITH_COST,
    "excess without cost": backtest_report.EXCESS_WITHOUT_COST,
    "with cost": backtest_report.WITH_COST,
    "benchmark": backtest_report.BENCHMARK,
}


def test_the_report_of_a_run_of_qlib_has_the_numbers_of_qlib(qlib: Qlib, uri: str) -> None:
    kwargs = {"signal": "<PRED>", "topk": 4, "n_drop": 2}
    strategy = {"class": "TopkDropoutStrategy", "module_path": "qlib.contrib.strategy", "kwargs": kwargs}
    exchange = {"limit_threshold": 0.095, "deal_price": "close", "open_cost": 0.0005, "close_cost": 0.0015}
    backtest = {"start_time": f"{DAYS[1]:%Y-%m-%d}", "end_time": f"{DAYS[-2]:%Y-%m-%d}", "account": 1e7}
    config = {"strategy": strategy, "backtest": {**backtest, "benchmark": BENCHMARK, "exchange_kwargs": exchange}}
    expected = qlib("write_analysis", seed=5, config=config)

    library = Library(uri)
    *_, message = load_report(library, library.run(expected["recorder_id"]))
    assert isinstance(message, ReportLoaded)
    report = message.report
    assert report.problems == ()
    assert report.ic is not None and report.rank_ic is not None and report.backtest is not None
    for name, series in (("IC", report.ic), ("Rank IC", report.rank_ic)):
        summary = summarise(series)
        assert [summary.mean, summary.ratio] == pytest.approx(expected[name], rel=1e-12)
        assert message.run.metrics[name].value == pytest.approx(summary.mean, rel=1e-12)
    risks = risk_of(report.backtest, report.frequency)
    for name, column in NAMES.items():
        assert risks[column] == pytest.approx(expected["risk"][name], rel=1e-12)
    text = "\n".join(map(plain_text, report.number_rows(100)))
    for measure in ("annualized_return", "information_ratio", "max_drawdown"):
        assert format_measure(measure, expected["risk"]["excess with cost"][measure]) in text
    assert f"ICIR {expected['IC'][1]:.3f}" in text
