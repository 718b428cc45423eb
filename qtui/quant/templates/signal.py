"""Predictions and labels: pred.pkl and label.pkl."""

from __future__ import annotations

import builtins
import logging
import time
from typing import Any

from qtui.errors import UsageError
from qtui.qlib_classes import qlib_class
from qtui.quant.templates.template import FillableRecorder, Predictor, RecordTemp, treated_as

logger = logging.getLogger(__name__)

RAW_DATA_KEY = "raw"
"""Qlib's data_key of labels before normalisation."""


class SignalRecord(RecordTemp):
    """Save a model's predictions, and the labels if the dataset can prepare them."""

    def __init__(
        self,
        model: Predictor | None = None,
        dataset: Any = None,
        recorder: FillableRecorder | None = None,
    ) -> None:
        super().__init__(recorder)
        self.model = model
        self.dataset = dataset

    @staticmethod
    def generate_label(dataset: Any) -> Any:
        """Return the raw labels of the test segment, or None if the dataset has dropped them."""
        arguments = {"segments": "test", "col_set": "label"}
        with treated_as(dataset, qlib_class("qlib.data.dataset", "DatasetH")) as plain:
            try:
                return plain.prepare(**arguments, data_key=RAW_DATA_KEY)
            except TypeError:
                return plain.prepare(**arguments)
            except AttributeError as error:
                logger.warning("The dataset has no raw labels: %s", error)
                return None

    def generate(self, *args: Any, **kwargs: Any) -> None:
        """Predict and save."""
        import pandas

        if self.model is None:
            raise UsageError("SignalRecord needs a model.")
        began = time.perf_counter()
        pred = self.model.predict(self.dataset)
        logger.debug("%s took %.3f s to predict", type(self.model).__name__, time.perf_counter() - began)
        self.save(**{"pred.pkl": pred.to_frame("score") if isinstance(pred, pandas.Series) else pred})
        if hasattr(self.dataset, "prepare"):
            self.save(**{"label.pkl": self.generate_label(self.dataset)})

    def list(self) -> builtins.list[str]:
        return ["pred.pkl", "label.pkl"]
