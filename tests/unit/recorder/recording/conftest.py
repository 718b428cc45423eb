"""R over a store of its own, in a folder that is no work tree of git."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qtui.recorder import QlibRecorder, from_config

KINDS = ("files",)


@pytest.fixture(params=KINDS)
def store_uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store that is not there yet."""
    return {"files": f"file:{tmp_path}/mlruns", "sqlite": f"sqlite:///{tmp_path}/mlflow.db"}[request.param]


@pytest.fixture
def recording(store_uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[QlibRecorder]:
    """What R is when it has been set up for that store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["train.py", "--seed", "1"])
    made = from_config(store_uri)
    yield made
    while made.exp_manager.active_experiments:
        made.end_exp()
    made.exp_manager.close()
