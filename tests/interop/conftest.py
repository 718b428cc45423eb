"""Fixtures: a store of each kind, and a process with Qlib."""

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
    """Return the address of a store that does not exist yet."""
    return {"files": f"file:{tmp_path}/mlruns", "sqlite": f"sqlite:///{tmp_path}/mlflow.db"}[request.param]


@pytest.fixture
def ours(uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[QlibRecorder]:
    """Return qtui's R over the store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["train.py"])
    recorder = from_config(uri)
    yield recorder
    recorder.exp_manager.close()


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    """Return a process with Qlib that answers requests."""
    command = [sys.executable, "-m", "tests.interop.qlib_side"]
    with (
        (tmp_path_factory.mktemp("qlib") / "stderr").open("w") as log,
        subprocess.Popen(
            command,
            env={**os.environ, **FLAGS},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        ) as qlib_process,
    ):
        yield qlib_process
        assert qlib_process.stdin is not None
        qlib_process.stdin.close()


@pytest.fixture
def qlib(uri: str, tmp_path: Path, process: subprocess.Popen[str]) -> Qlib:
    """Return a function that calls a function of `qlib_side` with Qlib's R over the store."""
    assert process.stdin is not None and process.stdout is not None
    requests, responses = process.stdin, process.stdout

    def call(function: str, **arguments: Any) -> Any:
        request = {"function": function, "uri": uri, "folder": str(tmp_path), "arguments": arguments}
        requests.write(json.dumps(request) + "\n")
        requests.flush()
        response = json.loads(responses.readline())
        assert "failure" not in response, response["failure"]
        return response["result"]

    return call
