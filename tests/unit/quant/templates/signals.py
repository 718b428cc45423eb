"""Predictions and labels of a few days, and a model and a dataset that give them."""

from __future__ import annotations

from typing import Any

import numpy
import pandas
from pandas import DataFrame, MultiIndex, Series

NAMES = ["datetime", "instrument"]
DAYS = pandas.date_range("2020-01-01", periods=6, freq="D")
CODES = [f"SH6000{number:02d}" for number in range(10)]
INDEX = MultiIndex.from_product([DAYS, CODES], names=NAMES)
NUMBERS = numpy.random.default_rng(7).normal(size=(2, len(INDEX)))
PRED = DataFrame({"score": NUMBERS[0]}, INDEX)
LABEL = DataFrame({"LABEL0": NUMBERS[0] + NUMBERS[1], "LABEL1": NUMBERS[0] - NUMBERS[1]}, INDEX)


class Model:
    """Foretells what it was given."""

    def __init__(self, scores: Series | DataFrame = PRED) -> None:
        self.scores = scores

    def predict(self, dataset: Any) -> Series | DataFrame:
        """The scores."""
        return self.scores


class Dataset:
    """Prepares labels as Qlib's does."""

    def prepare(self, segments: str, col_set: str, data_key: str) -> DataFrame:
        """The raw labels of the test segment, and nothing else."""
        assert (segments, col_set, data_key) == ("test", "label", "raw")
        return LABEL


class PlainDataset:
    """Knows nothing of raw data."""

    def prepare(self, segments: str, col_set: str) -> DataFrame:
        """The labels."""
        return LABEL


class DroppedDataset:
    """Has thrown its raw data away."""

    def prepare(self, segments: str, col_set: str, data_key: str) -> DataFrame:
        """Fails as Qlib's does."""
        raise AttributeError("DataHandlerLP has not attribute _data")
