"""Records: Qlib's templates find what ours saved, and ours fill Qlib's recorder."""

from __future__ import annotations

import pytest

from qtui.recorder import MultiPassPortAnaRecord, QlibRecorder, records_of
from tests.data.qlib_market import DAYS
from tests.interop.conftest import Qlib
from tests.interop.qlib_side import EXPERIMENT
from tests.unit.quant.templates.signals import Dataset, Model
from tests.unit.quant.templates.test_portfolio import CONFIG, PRICES
from tests.unit.quant.templates.test_real_recorder import TASK


def test_qlibs_templates_accept_our_records_and_get_the_same_numbers(ours: QlibRecorder, qlib: Qlib) -> None:
    with ours.start(experiment_name=EXPERIMENT, recorder_name="ours"):
        recorder = ours.get_recorder()
        for record in records_of(TASK, recorder=recorder, model=Model(), dataset=Dataset(), prices=PRICES):
            record.generate()
        MultiPassPortAnaRecord(recorder, 2, config=CONFIG, prices=PRICES).generate()
    result = qlib("check_records", recorder_id=recorder.id)
    assert len(result["theirs"]) == 8
    assert result["ours"] == pytest.approx(result["theirs"], rel=1e-9, abs=1e-9)


def test_our_templates_fill_qlibs_recorder(qlib: Qlib) -> None:
    result = qlib("our_templates", name="theirs")
    assert result == {"artifacts": ["sig_analysis/ic.pkl", "sig_analysis/ric.pkl"], "points": 1}


@pytest.mark.parametrize("uri", ["file:unused"])
def test_a_backtest_without_prices_is_qlibs_and_the_built_in_one_earns_the_same(qlib: Qlib) -> None:
    kwargs = {"signal": "<PRED>", "topk": 4, "n_drop": 2}
    strategy = {"class": "TopkDropoutStrategy", "module_path": "qlib.contrib.strategy", "kwargs": kwargs}
    exchange = {"limit_threshold": 0.095, "deal_price": "close", "open_cost": 0.0005, "close_cost": 0.0015}
    backtest = {"start_time": None, "end_time": "2020-02-20", "account": 1e6, "benchmark": "SH000300"}
    config = {"strategy": strategy, "backtest": {**backtest, "exchange_kwargs": exchange}}
    result = qlib("portfolio", seed=7, config=config)
    assert "portfolio_analysis/indicators_normal_1day_obj.pkl" in result["theirs artifacts"]
    assert "portfolio_analysis/orders_normal_1day.pkl" in result["ours artifacts"]
    for name in set(result["theirs"]) - {"bench"}:
        assert result["ours"][name] == pytest.approx(result["theirs"][name], rel=1e-9, abs=1e-9)
    assert result["record"] == "qlib.workflow.record_temp"


@pytest.mark.parametrize("uri", ["file:unused"])
def test_a_backtest_of_qlib_without_an_end_ends_before_the_last_day_of_its_calendar(qlib: Qlib) -> None:
    kwargs = {"signal": "<PRED>", "topk": 2, "n_drop": 1}
    strategy = {"class": "TopkDropoutStrategy", "module_path": "qlib.contrib.strategy", "kwargs": kwargs}
    config = {"strategy": strategy, "backtest": {"account": 1e6, "benchmark": "SH000300"}}
    result = qlib("portfolio", seed=8, config=config)
    assert len(result["theirs"]["account"]) == len(DAYS) - 1
    assert len(result["ours"]["account"]) == len(DAYS)
    assert result["ours"]["account"][:-1] == pytest.approx(result["theirs"]["account"], rel=1e-9)
