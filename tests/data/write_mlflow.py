"""Writes one sample store with the MLflow of the Python that runs this: `python -m tests.data.write_mlflow`.

Run it from the root of the repository with Pythons that have MLflow 1.30.1, 2.10.2, 2.22.0 and 3.17; it writes
`tests/data/mlflow-VERSION-file.tar.xz` and `tests/data/mlflow-VERSION-sqlite.tar.xz`.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.update(MLFLOW_ALLOW_FILE_STORE="true", MLFLOW_DISABLE_TELEMETRY="true", GIT_PYTHON_REFRESH="quiet")

import mlflow
from mlflow.tracking import MlflowClient

from tests.data.packing import pack
from tests.data.sample_runs import write_sample_runs

HERE = Path(__file__).parent.resolve()


def write(kind: str, uri: str) -> None:
    """Write one store in a folder of its own and pack it beside this file."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as workplace:
        root = Path(folder).resolve()
        os.chdir(root)
        write_sample_runs(MlflowClient(uri.format(root=root)), Path(workplace))
        pack(root, HERE / f"mlflow-{mlflow.__version__}-{kind}.tar.xz")
        os.chdir(HERE)


if __name__ == "__main__":
    write("file", "file://{root}/mlruns")
    write("sqlite", "sqlite:///{root}/mlflow.db")
