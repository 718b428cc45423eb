"""Records of Qlib's templates are read, accepted as complete, and equal to ours for the same inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest
from pandas import DataFrame, Series

from qtui.errors import LoadObjectError
from qtui.recorder import (
    HFSignalRecord,
    MLflowRecorder,
    MultiPassPortAnaRecord,
    PortAnaRecord,
    QlibRecorder,
    SigAnaRecord,
    SignalRecord,
    from_config,
)
from tests.data.packing import unpack
from tests.unit.quant.templates.double import MemoryRecorder

ARCHIVE = Path(__file__).parents[3] / "data" / "qlib-0.9.7-records.tar.xz"
DAYS = pandas.bdate_range("2020-01-01", periods=40)
PORTFOLIO = {
    "strategy": {
        "class": "TopkDropoutStrategy",
        "module_path": "qlib.contrib.strategy",
        "kwargs": {"signal": "<PRED>", "topk": 4, "n_drop": 2},
    },
    "backtest": {
        "start_time": DAYS[2],
        "end_time": DAYS[-2],
        "account": 1e7,
        "benchmark": "SH000300",
        "exchange_kwargs": {"limit_threshold": 0.095, "deal_price": "open", "open_cost": 0.0005, "close_cost": 0.0015},
    },
}
SINGLE = 1e-6
"""Qlib reckons the return of a benchmark in single precision, and so all that is compared with it."""

pytestmark = pytest.mark.skipif(
    int(pandas.__version__.split(".")[0]) < 3, reason="pandas 2 cannot read pandas 3's pickles"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the copied store, which records another location."""
    place = tmp_path_factory.mktemp("qlib")
    unpack(ARCHIVE, place)
    return place


@pytest.fixture
def qlibs(folder: Path) -> QlibRecorder:
    """R over Qlib's store."""
    return from_config(f"file:{folder}/mlruns")


@pytest.fixture
def theirs(qlibs: QlibRecorder) -> MLflowRecorder:
    """The run with all records."""
    return qlibs.get_recorder(experiment_name="workflow", recorder_name="mlflow_recorder")


@pytest.fixture
def ours(theirs: MLflowRecorder) -> MemoryRecorder:
    """A recorder with the same predictions and labels, and nothing else."""
    return MemoryRecorder(**{name: theirs.load_object(name) for name in ("pred.pkl", "label.pkl")})


def same(found: Any, expected: Any, tolerance: float = 1e-9) -> None:
    """The same rows and columns, and the same numbers."""
    assert type(found) is type(expected)
    assert list(found.index) == list(expected.index)
    if isinstance(found, DataFrame):
        assert list(found.columns) == list(expected.columns)
    numpy.testing.assert_allclose(found.to_numpy(), expected.to_numpy(), rtol=tolerance, atol=tolerance)


def same_metrics(found: MemoryRecorder, expected: MLflowRecorder, tolerance: float = 1e-9) -> None:
    """Every metric that we log is one of Qlib's, with its value."""
    theirs = expected.list_metrics()
    for key, value in found.list_metrics().items():
        assert value == pytest.approx(theirs[key], rel=tolerance, abs=tolerance)


def prices_of(recorder: MLflowRecorder) -> DataFrame:
    """The market that Qlib had."""
    table: DataFrame = recorder.load_object("prices.pkl")
    return table


def test_its_records_are_complete_to_our_templates(theirs: MLflowRecorder) -> None:
    records = [
        SignalRecord(recorder=theirs),
        SigAnaRecord(theirs, ana_long_short=True),
        HFSignalRecord(theirs),
        PortAnaRecord(theirs, PORTFOLIO),
    ]
    for record in records:
        record.check(include_self=True)
    assert SigAnaRecord(theirs, skip_existing=True).generate() is None
    assert isinstance(records[1].load("pred.pkl"), DataFrame)


def test_correlations_and_returns_equal_those_of_qlib(theirs: MLflowRecorder, ours: MemoryRecorder) -> None:
    record = SigAnaRecord(ours, ana_long_short=True)
    for name, artifact in record.generate().items():
        same(artifact, theirs.load_object(record.get_path(name)))
    assert len(ours.list_metrics()) == 8
    same_metrics(ours, theirs)


def test_precision_equals_that_of_qlib(theirs: MLflowRecorder, ours: MemoryRecorder) -> None:
    record = HFSignalRecord(ours)
    record.generate()
    for name in record.list():
        same(record.load(name), theirs.load_object(record.get_path(name)))
    same_metrics(ours, theirs)


def test_a_backtest_on_the_prices_of_qlib_equals_the_one_of_qlib(theirs: MLflowRecorder, ours: MemoryRecorder) -> None:
    record = PortAnaRecord(ours, PORTFOLIO, prices=prices_of(theirs))
    artifacts = record.generate()
    for name in ("report_normal", "indicators_normal", "port_analysis", "indicator_analysis"):
        same(artifacts[f"{name}_1day.pkl"], theirs.load_object(record.get_path(f"{name}_1day.pkl")), SINGLE)
    assert len(ours.list_metrics()) == 13
    same_metrics(ours, theirs, SINGLE)


def test_several_passes_equal_those_of_qlib(qlibs: QlibRecorder, theirs: MLflowRecorder, ours: MemoryRecorder) -> None:
    passes = qlibs.get_recorder(experiment_name="workflow", recorder_name="passes")
    prices = prices_of(theirs)
    record = MultiPassPortAnaRecord(ours, 2, shuffle_init_score=False, config=PORTFOLIO, prices=prices)
    expected = passes.load_object(record.get_path("multi_pass_port_analysis_1day.pkl"))
    result = record.generate()["multi_pass_port_analysis_1day.pkl"]
    same(result[["mean", "std"]], expected[["mean", "std"]], SINGLE)
    assert {key for key in passes.list_metrics() if key.startswith(("mean", "std"))} <= set(ours.list_metrics())


def test_positions_need_qlib_to_be_objects_again(theirs: MLflowRecorder) -> None:
    with pytest.raises(LoadObjectError, match="qlib"):
        theirs.load_object("portfolio_analysis/positions_normal_1day.pkl")


def test_a_series_that_it_saved_is_a_series_by_day(theirs: MLflowRecorder) -> None:
    ic = theirs.load_object("sig_analysis/ic.pkl")
    assert isinstance(ic, Series)
    assert ic.mean() == pytest.approx(theirs.list_metrics()["IC"])


@pytest.mark.parametrize("name", ["pred.pkl", "sig_analysis/ic.pkl", "portfolio_analysis/report_normal_1day.pkl"])
def test_artifacts_of_qlib_are_equal_when_decoded_safely(theirs: MLflowRecorder, name: str) -> None:
    same(theirs.load_object(name, safe=True), theirs.load_object(name))


def test_positions_can_be_read_without_qlib(theirs: MLflowRecorder) -> None:
    positions = theirs.load_object("portfolio_analysis/positions_normal_1day.pkl", safe=True)
    assert list(positions) == list(theirs.load_object("portfolio_analysis/report_normal_1day.pkl").index)


def test_our_positions_are_plain_values(theirs: MLflowRecorder, ours: MemoryRecorder, tmp_path: Path) -> None:
    artifacts = PortAnaRecord(ours, PORTFOLIO, prices=prices_of(theirs)).generate()
    mine = from_config(f"file:{tmp_path}/mlruns")
    with mine.start(experiment_name="ours"):
        mine.save_objects(positions=artifacts["positions_normal_1day.pkl"])
        assert mine.load_object("positions", safe=True) == artifacts["positions_normal_1day.pkl"]
