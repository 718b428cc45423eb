"""SigAnaRecord and HFSignalRecord compare saved predictions with saved labels."""

from __future__ import annotations

import logging

import pytest
from pandas.testing import assert_series_equal

from qtui.recorder import HFSignalRecord, SigAnaRecord, calc_ic, calc_long_short_prec, calc_long_short_return
from tests.unit.quant.templates.double import MemoryRecorder
from tests.unit.quant.templates.signals import LABEL, PRED

SCORE, TRUTH = PRED["score"], LABEL["LABEL0"]


@pytest.fixture
def recorder() -> MemoryRecorder:
    """A recorder with predictions and labels."""
    return MemoryRecorder(**{"pred.pkl": PRED, "label.pkl": LABEL})


def test_correlations_are_saved_by_day_and_logged_as_means(recorder: MemoryRecorder) -> None:
    SigAnaRecord(recorder).generate()
    ic, rank_ic = calc_ic(SCORE, TRUTH)
    assert_series_equal(recorder.load_object("sig_analysis/ic.pkl"), ic)
    assert_series_equal(recorder.load_object("sig_analysis/ric.pkl"), rank_ic)
    assert recorder.list_metrics() == {
        "IC": ic.mean(),
        "ICIR": ic.mean() / ic.std(),
        "Rank IC": rank_ic.mean(),
        "Rank ICIR": rank_ic.mean() / rank_ic.std(),
    }


def test_long_short_returns_are_scaled_to_a_year(recorder: MemoryRecorder) -> None:
    SigAnaRecord(recorder, ana_long_short=True, ann_scaler=100, label_col=1).generate()
    long_short, average = calc_long_short_return(SCORE, LABEL["LABEL1"])
    assert_series_equal(recorder.load_object("sig_analysis/long_short_r.pkl"), long_short)
    assert_series_equal(recorder.load_object("sig_analysis/long_avg_r.pkl"), average)
    metrics = recorder.list_metrics()
    assert metrics["Long-Short Ann Return"] == pytest.approx(long_short.mean() * 100)
    assert metrics["Long-Short Ann Sharpe"] == pytest.approx(long_short.mean() / long_short.std() * 10)
    assert metrics["Long-Avg Ann Return"] == pytest.approx(average.mean() * 100)
    assert metrics["Long-Avg Ann Sharpe"] == pytest.approx(average.mean() / average.std() * 10)


def test_generating_again_adds_no_points(recorder: MemoryRecorder) -> None:
    SigAnaRecord(recorder).generate()
    SigAnaRecord(recorder).generate()
    assert {len(points) for points in recorder.points.values()} == {1}


def test_an_existing_analysis_is_skipped_only_if_it_is_complete(recorder: MemoryRecorder) -> None:
    SigAnaRecord(recorder).generate()
    assert SigAnaRecord(recorder, skip_existing=True).generate() is None
    assert SigAnaRecord(recorder, ana_long_short=True, skip_existing=True).generate() is not None


def test_labels_can_be_passed(recorder: MemoryRecorder) -> None:
    SigAnaRecord(recorder).generate(label=PRED)
    assert recorder.list_metrics()["IC"] == pytest.approx(1.0)


def test_without_labels_nothing_is_compared(caplog: pytest.LogCaptureFixture) -> None:
    recorder = MemoryRecorder(**{"pred.pkl": PRED, "label.pkl": None})
    with caplog.at_level(logging.WARNING, "qtui.quant"):
        assert SigAnaRecord(recorder).generate() is None
    assert "no labels" in caplog.text
    assert recorder.points == {}


def test_without_predictions_the_analysis_is_skipped() -> None:
    recorder = MemoryRecorder()
    assert SigAnaRecord(recorder).generate() is None
    assert recorder.artifacts == {}


def test_predictions_within_days_are_measured_by_precision_and_return(recorder: MemoryRecorder) -> None:
    HFSignalRecord(recorder).generate()
    long, short = calc_long_short_prec(SCORE, TRUTH, is_alpha=True)
    long_short, average = calc_long_short_return(SCORE, TRUTH)
    saved = {"long_pre": long, "short_pre": short, "long_short_r": long_short, "long_avg_r": average}
    for name, series in saved.items():
        assert_series_equal(recorder.load_object(f"hg_sig_analysis/{name}.pkl"), series)
    metrics = recorder.list_metrics()
    assert list(metrics)[:4] == ["IC", "ICIR", "Rank IC", "Rank ICIR"]
    assert metrics["Long precision"] == long.mean()
    assert metrics["Short precision"] == short.mean()
    assert metrics["Long-Short Average Return"] == long_short.mean()
    assert metrics["Long-Short Average Sharpe"] == pytest.approx(long_short.mean() / long_short.std())
    HFSignalRecord(recorder).check(include_self=True)
