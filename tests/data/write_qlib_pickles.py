"""Write objects as Qlib saves them: `python -m tests.data.write_qlib_pickles`.

Run it from the root of the repository with a Python that has pyqlib 0.9.7 and lightgbm; it writes
`tests/data/qlib-pickles.tar.xz`. No market data are needed.
"""

from __future__ import annotations

import datetime as dt
import io
import pickle
import tarfile
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import pandas as pd
from qlib.backtest.position import Position
from qlib.backtest.report import Indicator
from qlib.contrib.model.gbdt import LGBModel
from qlib.data.dataset import DatasetH
from qlib.data.dataset.handler import DataHandlerLP
from qlib.data.dataset.loader import StaticDataLoader

from tests.data.packing import without_owner

HERE = Path(__file__).parent.resolve()
PROTOCOL = 4
"""The pickle protocol of Qlib's artifacts."""


def position() -> Position:
    """Return a position of two stocks and cash."""
    stocks = {"SH600000": {"amount": 100.0, "price": 10.5}, "SZ000001": {"amount": 200.0, "price": 9.0}}
    return Position(cash=1e6, position_dict=stocks)


def model() -> LGBModel:
    """Return a model of three small trees."""
    model = LGBModel(loss="mse", num_leaves=4)
    numbers = np.random.RandomState(0).randn(60, 3)
    options = {"num_leaves": 4, "verbosity": -1, "min_data_in_leaf": 5}
    model.model = lightgbm.train(options, lightgbm.Dataset(numbers, numbers[:, 0]), 3)
    return model


def dataset() -> DatasetH:
    """Return a dataset without its data, as Qlib saves it."""
    index = pd.MultiIndex.from_product([pd.date_range("2020-01-01", periods=3), ["SH600000"]])
    frame = pd.DataFrame({("feature", "x"): [1.0, 2.0, 3.0]}, index=index)
    return DatasetH(
        DataHandlerLP(data_loader=StaticDataLoader(frame)), segments={"train": ("2020-01-01", "2020-01-02")}
    )


def artifacts() -> dict[str, Any]:
    """Return objects by the names of Qlib's artifacts."""
    days = (dt.date(2008, 1, 1), dt.date(2014, 12, 31))
    return {
        "positions_normal_1day.pkl": {pd.Timestamp("2020-01-02"): position()},
        "indicators_normal_1day_obj.pkl": Indicator(),
        "params.pkl": model(),
        "dataset": dataset(),
        "task": {"model": {"class": "LGBModel", "kwargs": {"lr": 0.2}}, "dataset": {"segments": {"train": days}}},
    }


if __name__ == "__main__":
    with tarfile.open(HERE / "qlib-pickles.tar.xz", "w:xz", preset=9) as archive:
        for name, value in artifacts().items():
            content = pickle.dumps(value, PROTOCOL)
            entry = without_owner(tarfile.TarInfo(name))
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
