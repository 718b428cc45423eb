"""A SignalRecord saves what a model foretells and what the dataset calls the truth."""

from __future__ import annotations

import logging
import sys
from types import ModuleType

import pytest
from pandas.testing import assert_frame_equal

from qtui.errors import UsageError
from qtui.recorder import SignalRecord
from tests.unit.quant.templates.double import MemoryRecorder
from tests.unit.quant.templates.signals import LABEL, PRED, Dataset, DroppedDataset, Model, PlainDataset


def test_predictions_and_labels_are_saved_under_qlibs_names() -> None:
    recorder = MemoryRecorder()
    assert SignalRecord(Model(), Dataset(), recorder).generate() is None
    assert sorted(recorder.artifacts) == ["label.pkl", "pred.pkl"]
    assert_frame_equal(recorder.load_object("pred.pkl"), PRED)
    assert_frame_equal(recorder.load_object("label.pkl"), LABEL)


def test_a_series_of_predictions_becomes_a_frame_of_scores() -> None:
    recorder = MemoryRecorder()
    SignalRecord(Model(PRED["score"].rename(None)), Dataset(), recorder).generate()
    assert_frame_equal(recorder.load_object("pred.pkl"), PRED)


def test_a_dataset_that_knows_no_raw_data_gives_its_labels() -> None:
    assert SignalRecord.generate_label(PlainDataset()) is LABEL


def test_a_dataset_that_threw_its_labels_away_leaves_none(caplog: pytest.LogCaptureFixture) -> None:
    recorder = MemoryRecorder()
    with caplog.at_level(logging.WARNING, "qtui.quant"):
        SignalRecord(Model(), DroppedDataset(), recorder).generate()
    assert recorder.load_object("label.pkl") is None
    assert "no raw labels: DataHandlerLP has not attribute _data" in caplog.text


def test_a_dataset_that_prepares_nothing_leaves_no_labels() -> None:
    recorder = MemoryRecorder()
    SignalRecord(Model(), object(), recorder).generate()
    assert list(recorder.artifacts) == ["pred.pkl"]


def test_a_dataset_of_qlib_is_asked_as_its_plain_kind_and_is_itself_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class DatasetH:
        def prepare(self, **asked: str) -> str:
            return type(self).__name__

    class TSDatasetH(DatasetH):
        def prepare(self, **asked: str) -> str:
            raise KeyError("a sampler of series")

    module = ModuleType("qlib.data.dataset")
    monkeypatch.setattr(module, "DatasetH", DatasetH, raising=False)
    monkeypatch.setitem(sys.modules, "qlib.data.dataset", module)
    dataset = TSDatasetH()
    assert SignalRecord.generate_label(dataset) == "DatasetH"
    assert type(dataset) is TSDatasetH


def test_predicting_without_a_model_is_refused() -> None:
    with pytest.raises(UsageError, match="needs a model"):
        SignalRecord(recorder=MemoryRecorder()).generate()
