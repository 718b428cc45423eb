"""The environment of a command that runs inside a run."""

from __future__ import annotations

from collections.abc import Mapping

from qtui.entities import RunInfo
from qtui.recorder.config import MLFLOW_RUN_VARIABLE, RESUMED_RUN_VARIABLE
from qtui.recorder.recording.mlflow_attachment import FILE_STORE_FLAG

MLFLOW_URI_VARIABLE = "MLFLOW_TRACKING_URI"
QLIB_URI_VARIABLE = "QLIB_MLFLOW_URI"
EXPERIMENT_VARIABLE = "MLFLOW_EXPERIMENT_ID"
CONFLICTING_VARIABLES = ("QTUI_URI", "MLFLOW_EXPERIMENT_NAME")
"""Variables that take precedence over those of the run."""


def command_environment(environ: Mapping[str, str], info: RunInfo, uri: str, *, is_file_store: bool) -> dict[str, str]:
    """Return the environment in which R, MLflow and Qlib log into a run of the store at `uri`."""
    others = {key: value for key, value in environ.items() if key not in CONFLICTING_VARIABLES}
    allowed = {FILE_STORE_FLAG: "true"} if is_file_store and not others.get(FILE_STORE_FLAG) else {}
    return {
        **others,
        **allowed,
        MLFLOW_URI_VARIABLE: uri,
        QLIB_URI_VARIABLE: uri,
        EXPERIMENT_VARIABLE: info.experiment_id,
        MLFLOW_RUN_VARIABLE: info.run_id,
        RESUMED_RUN_VARIABLE: info.run_id,
    }
