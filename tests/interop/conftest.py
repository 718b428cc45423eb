"""One store of each kind, and Qlib in a process beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qtui.recorder import QlibRecorder, from_config

ROOT = Path(__file__).parents[2]
FLAGS = {"MLFLOW_ALLOW_FILE_STORE": "true", "GIT_PYTHON_REFRESH": "quiet", "PYTHONPATH": str(ROOT)}

Qlib = Callable[..., Any]


@pytest.fixture(params=["files", "sqlite"])
def uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store that is not there yet."""
    return {"files": f"file:{tmp_path}/mlruns", "sqlite": f"sqlite:///{tmp_path}/mlflow.db"}[request.param]


@pytest.fixture
def ours(uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[QlibRecorder]:
    """qtui's R over the store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["train.py"])
    made = from_config(uri)
    yield made
    made.exp_manager.close()


@pytest.fixture
def qlib(uri: str, tmp_path: Path) -> Qlib:
    """Does something with Qlib's R over the store, and gives the answer."""

    def does(what: str, **given: Any) -> Any:
        command = [sys.executable, "-m", "tests.interop.qlib_side", what, uri, json.dumps(given)]
        done = subprocess.run(command, cwd=tmp_path, env={**os.environ, **FLAGS}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.rpartition("\nANSWER ")[2])

    return does
