"""A Qlib task with a model that returns its only feature and needs no training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qlib.model.base import Model

from tests.data.qlib_market import DAYS, scores


class FirstFeature(Model):
    """A model that predicts the first feature."""

    def fit(self, dataset: Any) -> None:
        """Do nothing; the model has no parameters."""

    def predict(self, dataset: Any, segment: str = "test") -> Any:
        """Return the first feature of a segment."""
        return dataset.prepare(segment, col_set="feature").iloc[:, 0]


def task(folder: Path, seed: int) -> dict[str, Any]:
    """Return the configuration of the task, whose data are written into the folder."""
    for name, number in (("feature", seed), ("label", seed + 1)):
        scores(number).to_frame(name.upper()).to_pickle(folder / f"{name}.pkl")
    loader = {name: str(folder / f"{name}.pkl") for name in ("feature", "label")}
    handler = {
        "class": "DataHandlerLP",
        "module_path": "qlib.data.dataset.handler",
        "kwargs": {
            "data_loader": {
                "class": "StaticDataLoader",
                "module_path": "qlib.data.dataset.loader",
                "kwargs": {"config": loader},
            }
        },
    }
    days = [f"{day:%Y-%m-%d}" for day in DAYS]
    segments = {"train": [days[0], days[9]], "valid": [days[10], days[14]], "test": [days[15], days[30]]}
    return {
        "model": {"class": "FirstFeature", "module_path": "tests.interop.task"},
        "dataset": {
            "class": "DatasetH",
            "module_path": "qlib.data.dataset",
            "kwargs": {"handler": handler, "segments": segments},
        },
        "record": [
            {"class": "SignalRecord", "module_path": "qlib.workflow.record_temp"},
            {"class": "SigAnaRecord", "module_path": "qlib.workflow.record_temp"},
        ],
    }
