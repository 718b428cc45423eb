"""Real Qlib logs into the run of `qtui run` and `qtui resume`, without a change of the script."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.interop.conftest import ROOT, Qlib
from tests.interop.qlib_side import EXPERIMENT

SCRIPT = f"""
import sys
import qlib
from qlib.workflow import R

qlib.init(skip_if_reg=True, kernels=1)
with R.start(experiment_name={EXPERIMENT!r}, recorder_name="trial"):
    start = len(R.get_recorder().client.get_metric_history(R.get_recorder().id, "loss"))
    for step in range(start, start + 2):
        R.log_metrics(step=step, loss=1 / (step + 1))
    R.save_objects(**{{f"model{{start}}.pkl": [start]}})
sys.exit(int(sys.stdin.readline()))
"""


def call(uri: str, folder: Path, *arguments: str, exit_code: int) -> tuple[int, str]:
    """Run qtui with a script of Qlib, which exits with this code; return the exit code and stderr."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "qtui", "--uri", uri, *arguments, "--", sys.executable, "trial.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "GIT_PYTHON_REFRESH": "quiet"},
        input=f"{exit_code}\n",
        text=True,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("uri", ["files"], indirect=True)
def test_a_script_of_qlib_records_into_the_run_and_later_resumes_it(uri: str, tmp_path: Path, qlib: Qlib) -> None:
    (tmp_path / "trial.py").write_text(SCRIPT)
    code, errors = call(uri, tmp_path, "run", EXPERIMENT, "--name", "trial", exit_code=3)
    assert code == 3, errors
    ((recorder_id, status),) = qlib("statuses").items()
    assert status == "FAILED"
    code, errors = call(uri, tmp_path, "resume", recorder_id, exit_code=0)
    assert code == 0, errors
    assert qlib("statuses") == {recorder_id: "FINISHED"}
    assert qlib("points", recorder_id=recorder_id, key="loss") == [[0, 1.0], [1, 1 / 2], [2, 1 / 3], [3, 1 / 4]]
