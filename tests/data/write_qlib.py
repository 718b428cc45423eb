"""Write two sample stores with Qlib's own recorder: `python -m tests.data.write_qlib`.

Run it from the root of the repository with a Python that has pyqlib 0.9.7 and MLflow 3.17; it writes
`tests/data/qlib-VERSION-file.tar.xz` and `tests/data/qlib-VERSION-sqlite.tar.xz`. No market data are needed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.data.packing import pack

HERE = Path(__file__).parent.resolve()
QUIET = {"MLFLOW_ALLOW_FILE_STORE": "true", "MLFLOW_DISABLE_TELEMETRY": "true", "GIT_PYTHON_REFRESH": "quiet"}
PERSON = {"USER": "researcher", "LOGNAME": "researcher", "HOME": "/nonexistent"}


def write(kind: str) -> None:
    """Log in a new process, as a user's script does, and pack the store."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        command = [sys.executable, "-m", "tests.data.write_qlib", kind, str(root)]
        subprocess.run(
            command, check=True, env={**os.environ, **QUIET, **PERSON, "PYTHONPATH": str(HERE.parent.parent)}
        )
        version = subprocess.run(
            [sys.executable, "-c", "import importlib.metadata as m; print(m.version('pyqlib'))"],
            check=True,
            capture_output=True,
            text=True,
        )
        pack(root, HERE / f"qlib-{version.stdout.strip()}-{kind}.tar.xz")


def log(kind: str, root: Path) -> None:
    """Log two experiments with three recorders, one of them failed, with predictions and an analysis."""
    os.chdir(root)
    sys.argv = ["qrun", "workflow_config_lightgbm.yaml"]
    import pandas
    import qlib
    from qlib.workflow import R

    uris = {"file": f"file:{root}/mlruns", "sqlite": f"sqlite:///{root}/mlflow.db"}
    manager = {
        "class": "MLflowExpManager",
        "module_path": "qlib.workflow.expm",
        "kwargs": {"uri": uris[kind], "default_exp_name": "Experiment"},
    }
    qlib.init(provider_uri=str(root / "no_data"), exp_manager=manager, logging_level=40)
    with R.start(experiment_name="workflow", recorder_name="mlflow_recorder"):
        R.log_params(**{"model.class": "LGBModel", "model.kwargs.lr": 0.0421, "dataset.segments": ["2008", "2014"]})
        for step in range(5):
            R.log_metrics(step=step, **{"train.l2": 1 / (step + 1), "valid.l2": 1.1 / (step + 1)})
        R.log_metrics(IC=0.047, ICIR=0.38, **{"Rank IC": 0.05})
        R.set_tags(train_status="end_task_train")
        index = pandas.MultiIndex.from_product([["2020-01-02"], ["SH600000", "SZ000001"]])
        R.save_objects(**{"pred.pkl": pandas.DataFrame({"score": [0.1, -0.2]}, index=index)})
        R.save_objects(**{"ic.pkl": pandas.Series([0.05])}, artifact_path="sig_analysis")
    try:
        with R.start(experiment_name="workflow", recorder_name="broken"):
            R.log_metrics(IC=float("nan"))
            raise ValueError("no such factor")
    except ValueError:
        pass
    with R.start(experiment_name="滚动 训练", recorder_name="滚动"):
        R.log_params(horizon=5)


if __name__ == "__main__":
    if sys.argv[1:]:
        log(sys.argv[1], Path(sys.argv[2]))
    else:
        write("file")
        write("sqlite")
