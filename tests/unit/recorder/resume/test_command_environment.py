"""The environment of a command makes R, MLflow and Qlib log into the run, and nothing else differs."""

from __future__ import annotations

from qtui.entities import RunInfo
from qtui.recorder.resume.run_sessions import command_environment

INFO = RunInfo("ab12", "7")


def test_the_variables_name_the_store_the_experiment_and_the_run() -> None:
    environ = command_environment({"PATH": "/bin"}, INFO, "sqlite:////m.db", is_file_store=False)
    assert environ == {
        "PATH": "/bin",
        "MLFLOW_TRACKING_URI": "sqlite:////m.db",
        "QLIB_MLFLOW_URI": "sqlite:////m.db",
        "MLFLOW_EXPERIMENT_ID": "7",
        "MLFLOW_RUN_ID": "ab12",
        "QTUI_RECORDER_ID": "ab12",
    }


def test_variables_that_would_lead_elsewhere_are_removed() -> None:
    outer = {"QTUI_URI": "elsewhere", "MLFLOW_EXPERIMENT_NAME": "other", "MLFLOW_RUN_ID": "outer"}
    environ = command_environment(outer, INFO, "sqlite:////m.db", is_file_store=False)
    assert "elsewhere" not in environ.values()
    assert "MLFLOW_EXPERIMENT_NAME" not in environ
    assert environ["MLFLOW_RUN_ID"] == "ab12"


def test_mlflow_is_allowed_to_open_a_file_store_unless_the_user_says_otherwise() -> None:
    flag = "MLFLOW_ALLOW_FILE_STORE"
    assert command_environment({}, INFO, "file:///m", is_file_store=True)[flag] == "true"
    assert command_environment({flag: "false"}, INFO, "file:///m", is_file_store=True)[flag] == "false"
