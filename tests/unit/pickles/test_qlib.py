"""Pickles that Qlib saved can be read without Qlib."""

from __future__ import annotations

import datetime as dt
import sys
import tarfile
from functools import cache
from pathlib import Path

import pandas as pd

from qtui.pickles import LoadedPickle, Node, load

ARCHIVE = Path(__file__).parents[2] / "data" / "qlib-pickles.tar.xz"


@cache
def artifact(name: str) -> LoadedPickle:
    """Load an artifact."""
    with tarfile.open(ARCHIVE) as tar:
        content = tar.extractfile(name)
        assert content is not None
        return load(content.read())


def test_a_position_is_there_stock_by_stock() -> None:
    (position,) = artifact("positions_normal_1day.pkl").value.values()
    assert position.path == "qlib.backtest.position.Position"
    assert position.state["position"]["SH600000"] == {"amount": 100.0, "price": 10.5}
    assert list(artifact("positions_normal_1day.pkl").value) == [pd.Timestamp("2020-01-02")]


def test_a_fitted_model_shows_its_parameters_and_its_trees() -> None:
    model = artifact("params.pkl").value
    assert model.path == "qlib.contrib.model.gbdt.LGBModel"
    assert model.state["params"]["num_leaves"] == 4
    assert model.state["model"].path == "lightgbm.basic.Booster"
    assert "Tree=2" in model.state["model"].state["_handle"]


def test_a_dataset_shows_its_segments_and_its_handler() -> None:
    dataset = artifact("dataset").value
    assert dataset.state["segments"] == {"train": ("2020-01-01", "2020-01-02")}
    assert dataset.state["handler"].path == "qlib.data.dataset.handler.DataHandlerLP"


def test_indicators_and_the_task_are_read() -> None:
    assert isinstance(artifact("indicators_normal_1day_obj.pkl").value, Node)
    assert artifact("task").value["dataset"]["segments"]["train"] == (dt.date(2008, 1, 1), dt.date(2014, 12, 31))
    assert artifact("task").notes == ()


def test_neither_qlib_nor_lightgbm_is_imported_for_that() -> None:
    artifact("params.pkl")
    assert not {"qlib", "lightgbm"} & set(sys.modules)
