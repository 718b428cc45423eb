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


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    """A process that has Qlib and answers."""
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
        ) as started,
    ):
        yield started
        assert started.stdin is not None
        started.stdin.close()


@pytest.fixture
def qlib(uri: str, tmp_path: Path, process: subprocess.Popen[str]) -> Qlib:
    """Does something with Qlib's R over the store, and gives the answer."""
    assert process.stdin is not None and process.stdout is not None
    questions, answers = process.stdin, process.stdout

    def does(what: str, **given: Any) -> Any:
        questions.write(json.dumps({"what": what, "uri": uri, "folder": str(tmp_path), "given": given}) + "\n")
        questions.flush()
        answer = json.loads(answers.readline())
        assert "failure" not in answer, answer["failure"]
        return answer["answer"]

    return does
