"""PortAnaRecord backtests the saved predictions and judges the result; many passes tell chance from skill."""

from __future__ import annotations

import logging
import math
import sys
from types import ModuleType
from typing import Any

import numpy
import pandas
import pytest
from pandas import DataFrame, Series
from pandas.testing import assert_frame_equal, assert_series_equal

from qtui.errors import ConfigError
from qtui.quant.backtest import SimulatorExecutor, TopkDropoutStrategy, backtest
from qtui.recorder import MultiPassPortAnaRecord, PortAnaRecord, records_of, risk_analysis
from tests.unit.quant.templates.double import MemoryRecorder
from tests.unit.quant.templates.signals import CODES, INDEX, NUMBERS, PRED

CLOSE = 10 + NUMBERS[1].reshape(-1, len(CODES)).cumsum(axis=0) / 10
PRICES = DataFrame({"$close": CLOSE.ravel()}, INDEX)
STRATEGY = {
    "class": "TopkDropoutStrategy",
    "module_path": "qlib.contrib.strategy",
    "kwargs": {"signal": "<PRED>", "topk": 3, "n_drop": 1},
}
BACKTEST = {"account": 1e6, "benchmark": CODES[0], "exchange_kwargs": {"limit_threshold": 0.095, "min_cost": 5}}
CONFIG = {"strategy": STRATEGY, "backtest": BACKTEST}


@pytest.fixture
def recorder() -> MemoryRecorder:
    """A recorder with predictions and labels."""
    return MemoryRecorder(**{"pred.pkl": PRED, "label.pkl": None})


def loaded(recorder: MemoryRecorder, name: str) -> Any:
    """An artifact of the portfolio."""
    return recorder.load_object(f"portfolio_analysis/{name}")


def test_a_backtest_is_saved_in_qlibs_names(recorder: MemoryRecorder) -> None:
    PortAnaRecord(recorder, CONFIG, prices=PRICES).generate()
    assert recorder.list_artifacts("portfolio_analysis") == [
        f"portfolio_analysis/{name}_1day.pkl"
        for name in (
            "indicator_analysis",
            "indicators_normal",
            "orders_normal",
            "port_analysis",
            "positions_normal",
            "report_normal",
        )
    ]


def test_the_result_of_the_backtest_is_saved(recorder: MemoryRecorder) -> None:
    PortAnaRecord(recorder, CONFIG, prices=PRICES).generate()
    strategy = TopkDropoutStrategy(topk=3, n_drop=1, signal=PRED)
    portfolio, indicators = backtest(None, None, strategy, **BACKTEST, prices=PRICES)
    assert_frame_equal(loaded(recorder, "report_normal_1day.pkl"), portfolio["1day"][0])
    assert loaded(recorder, "positions_normal_1day.pkl") == portfolio["1day"][1]
    assert_frame_equal(loaded(recorder, "indicators_normal_1day.pkl"), indicators["1day"][0])
    assert_frame_equal(loaded(recorder, "orders_normal_1day.pkl"), indicators["1day"][1])


def test_the_excess_return_is_measured_with_and_without_costs(recorder: MemoryRecorder) -> None:
    PortAnaRecord(recorder, CONFIG, prices=PRICES).generate()
    report, analysis = loaded(recorder, "report_normal_1day.pkl"), loaded(recorder, "port_analysis_1day.pkl")
    excess = report["return"] - report["bench"]
    assert_frame_equal(analysis.loc["excess_return_without_cost"], risk_analysis(excess))
    assert_frame_equal(analysis.loc["excess_return_with_cost"], risk_analysis(excess - report["cost"]))
    metrics = recorder.list_metrics()
    assert (
        metrics["1day.excess_return_with_cost.max_drawdown"]
        == analysis.loc[("excess_return_with_cost", "max_drawdown"), "risk"]
    )
    assert len([key for key in metrics if key.startswith("1day.excess_return_")]) == 10
    assert {"1day.ffr", "1day.pa", "1day.pos"} <= set(metrics)


def test_working_it_out_again_gives_the_same_and_adds_no_points(recorder: MemoryRecorder) -> None:
    record = PortAnaRecord(recorder, CONFIG, prices=PRICES)
    first, second = record.generate(), record.generate()
    assert_frame_equal(first["report_normal_1day.pkl"], second["report_normal_1day.pkl"])
    assert {len(points) for points in recorder.points.values()} == {1}


def test_the_config_is_not_changed(recorder: MemoryRecorder) -> None:
    PortAnaRecord(recorder, CONFIG, prices=PRICES).generate()
    assert STRATEGY["kwargs"] == {"signal": "<PRED>", "topk": 3, "n_drop": 1}
    assert "start_time" not in BACKTEST


def test_strategy_and_executor_may_be_objects(recorder: MemoryRecorder) -> None:
    strategy = TopkDropoutStrategy(topk=3, n_drop=1, signal=PRED)
    executor = SimulatorExecutor(time_per_step="day", generate_portfolio_metrics=True)
    config = {"strategy": strategy, "executor": executor, "backtest": BACKTEST}
    given = PortAnaRecord(recorder, config, prices=PRICES).generate()
    described = PortAnaRecord(recorder, CONFIG, prices=PRICES).generate()
    assert_frame_equal(given["report_normal_1day.pkl"], described["report_normal_1day.pkl"])


def test_without_prices_and_qlib_the_error_says_what_is_needed(
    recorder: MemoryRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qtui.quant.backtest.engines.qlib_installed", lambda: False)
    with pytest.raises(ConfigError, match=r"give the record prices=\.\.\., or install Qlib"):
        PortAnaRecord(recorder, CONFIG).generate()


def test_without_prices_qlib_runs_its_own_backtest(recorder: MemoryRecorder, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    days = pandas.DatetimeIndex(["2020-01-01", "2020-01-06", "2020-01-07", "2020-01-08"])
    report = DataFrame({"return": [0.1, 0.2], "bench": [0.0, 0.1], "cost": [0.0, 0.01]}, days[:2])
    indicators = DataFrame({"ffr": [1.0], "pa": [0.0], "pos": [0.0], "count": [1]}, days[:1])

    def qlibs_backtest(**given: Any) -> tuple[Any, ...]:
        asked.update(given)
        return {"1day": (report, {"positions": 1})}, {"1day": (indicators, "an Indicator")}

    modules = {name: ModuleType(name) for name in ("qlib", "qlib.backtest", "qlib.data")}
    monkeypatch.setattr(modules["qlib.backtest"], "backtest", qlibs_backtest, raising=False)
    monkeypatch.setattr(modules["qlib.data"], "D", Calendar(days), raising=False)
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    PortAnaRecord(recorder, CONFIG).generate()
    assert loaded(recorder, "indicators_normal_1day_obj.pkl") == "an Indicator"
    assert_frame_equal(loaded(recorder, "report_normal_1day.pkl"), report)
    assert (asked["start_time"], asked["end_time"]) == (PRED.index[0][0], days[2])
    assert_frame_equal(asked["strategy"]["kwargs"]["signal"], PRED)


def test_old_names_without_a_frequency_are_found(recorder: MemoryRecorder) -> None:
    old = {"report_normal.pkl": "report", "positions_normal.pkl": "positions", "port_analysis.pkl": "analysis"}
    recorder.save_objects(artifact_path="portfolio_analysis", **old, **{"indicator_analysis_1day.pkl": 1})
    record = PortAnaRecord(recorder, CONFIG, skip_existing=True)
    assert record.load("report_normal_1day.pkl") == "report"
    assert record.generate() is None


def test_every_level_of_a_nested_executor_that_reports_has_its_artifacts() -> None:
    inner = {"class": "SimulatorExecutor", "kwargs": {"time_per_step": "30min", "generate_portfolio_metrics": True}}
    middle = {"class": "NestedExecutor", "kwargs": {"time_per_step": "1min", "inner_executor": inner}}
    outer = {"time_per_step": "day", "generate_portfolio_metrics": True, "inner_executor": middle}
    config = {**CONFIG, "executor": {"class": "NestedExecutor", "kwargs": outer}}
    record = PortAnaRecord(None, config, risk_analysis_freq=["day", "30minute"], indicator_analysis_freq="30min")
    assert record.all_freq == ["1day", "30min"]
    assert record.list() == [
        "report_normal_1day.pkl",
        "positions_normal_1day.pkl",
        "report_normal_30min.pkl",
        "positions_normal_30min.pkl",
        "port_analysis_1day.pkl",
        "port_analysis_30min.pkl",
        "indicator_analysis_30min.pkl",
    ]


def test_a_frequency_without_a_report_is_skipped_with_a_warning(
    recorder: MemoryRecorder, caplog: pytest.LogCaptureFixture
) -> None:
    record = PortAnaRecord(recorder, CONFIG, risk_analysis_freq=["day", "week"], prices=PRICES)
    with caplog.at_level(logging.WARNING, "qtui.quant"):
        assert "port_analysis_1week.pkl" not in record.generate()
    assert "No report for 1week" in caplog.text


@pytest.mark.parametrize(
    "config",
    [
        {"strategy": STRATEGY},
        {**CONFIG, "executor": {"class": "SimulatorExecutor", "kwargs": {"time_per_step": "day"}}},
    ],
)
def test_an_incomplete_config_is_refused(config: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        PortAnaRecord(None, config)


def test_without_a_config_it_holds_fifty_and_drops_five() -> None:
    record = PortAnaRecord(None)
    assert record.strategy_config["kwargs"] == {"signal": "<PRED>", "topk": 50, "n_drop": 5}
    assert record.backtest_config["benchmark"] == "SH000300"


def test_a_workflow_can_have_prices_for_its_backtest(recorder: MemoryRecorder) -> None:
    task = {
        "record": {"class": "PortAnaRecord", "module_path": "qlib.workflow.record_temp", "kwargs": {"config": CONFIG}}
    }
    (record,) = records_of(task, recorder=recorder, model=object(), prices=PRICES)
    assert record.generate() is not None


def passes(recorder: MemoryRecorder, number: int = 3, **kwargs: Any) -> DataFrame:
    """The comparison of several passes."""
    MultiPassPortAnaRecord(recorder, number, config=CONFIG, prices=PRICES, **kwargs).generate()
    table: DataFrame = loaded(recorder, "multi_pass_port_analysis_1day.pkl")
    return table


def test_passes_that_begin_alike_do_not_differ(recorder: MemoryRecorder) -> None:
    table = passes(recorder, shuffle_init_score=False)
    assert list(table.columns) == ["mean", "std", "mean_std"]
    assert list(table.index) == [
        (cost, measure)
        for cost in ("excess_return_with_cost", "excess_return_without_cost")
        for measure in ("annualized_return", "information_ratio")
    ]
    assert table["std"].tolist() == pytest.approx([0, 0, 0, 0], abs=1e-9)


def test_each_pass_is_a_step_of_the_metrics(recorder: MemoryRecorder) -> None:
    numpy.random.seed(5)
    table = passes(recorder, number=4)
    returns = Series(recorder.points["1day.excess_return_with_cost.annualized_return"])
    row = table.loc[("excess_return_with_cost", "annualized_return")]
    assert len(returns) == 4
    assert returns.nunique() > 1
    assert_series_equal(
        row, Series([returns.mean(), returns.std(), returns.mean() / returns.std()], list(row.index)), check_names=False
    )
    assert recorder.list_metrics()["mean_std.excess_return_with_cost.annualized_return"] == row["mean_std"]


def test_shuffling_permutes_the_first_scores_and_no_others(recorder: MemoryRecorder) -> None:
    numpy.random.seed(5)
    first = PRED.index[0][0]
    shuffled = MultiPassPortAnaRecord(recorder, config=CONFIG)._shuffle(PRED)
    assert_frame_equal(shuffled.drop(first), PRED.drop(first))
    assert shuffled.loc[first, "score"].tolist() != PRED.loc[first, "score"].tolist()
    assert sorted(shuffled.loc[first, "score"]) == sorted(PRED.loc[first, "score"])


def test_shuffling_begins_with_the_backtest(recorder: MemoryRecorder) -> None:
    numpy.random.seed(5)
    config = {**CONFIG, "backtest": {**BACKTEST, "start_time": "2020-01-03"}}
    shuffled = MultiPassPortAnaRecord(recorder, config=config)._shuffle(PRED)
    changed = (shuffled["score"] != PRED["score"]).groupby(level="datetime").any()
    assert changed[changed].index.tolist() == [pandas.Timestamp("2020-01-03")]


def test_a_signal_of_its_own_is_not_shuffled(recorder: MemoryRecorder, caplog: pytest.LogCaptureFixture) -> None:
    kwargs = {**STRATEGY["kwargs"], "signal": PRED}
    config = {**CONFIG, "strategy": {**STRATEGY, "kwargs": kwargs}}
    with caplog.at_level(logging.WARNING, "qtui.quant"):
        MultiPassPortAnaRecord(recorder, 2, config=config, prices=PRICES).generate()
    assert "Scores are not shuffled" in caplog.text


def test_one_pass_has_no_spread(recorder: MemoryRecorder) -> None:
    assert all(math.isnan(value) for value in passes(recorder, 1)["std"])


@pytest.mark.parametrize(
    "strategy", [TopkDropoutStrategy(topk=1, n_drop=1), {"class": "S", "kwargs": {}}, {"class": "S"}]
)
def test_passes_need_a_strategy_whose_signal_can_be_changed(strategy: Any) -> None:
    with pytest.raises(ConfigError, match="needs a strategy config"):
        MultiPassPortAnaRecord(None, config={**CONFIG, "strategy": strategy})


def test_there_is_one_pass_at_least() -> None:
    with pytest.raises(ConfigError, match="pass_num must be at least 1"):
        MultiPassPortAnaRecord(None, 0, config=CONFIG)


class Calendar:
    """The calendar of Qlib's data."""

    def __init__(self, days: pandas.DatetimeIndex) -> None:
        self._days = days

    def calendar(self, future: bool) -> Any:
        """The days, with those to come."""
        assert future
        return self._days.to_numpy()
