"""The origin of a run is read from the tags and params that qtui, Qlib and MLflow record."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from qtui.entities import Point, Run, RunInfo
from qtui.recorder.resume.origin import RunOrigin, run_origin, source_of

LOCAL = {"mlflow.source.name": "train.py", "mlflow.source.type": "LOCAL"}


def origin(params: Mapping[str, str] = {}, **tags: str) -> RunOrigin:
    return run_origin(Run(RunInfo("r", "0", status="KILLED"), params=params, tags=tags))


def test_a_run_of_ours_has_its_whole_command_its_folder_its_host_and_its_commit() -> None:
    tags = {
        **LOCAL,
        "qtui.command": "/venv/bin/python train.py --name 'two words'",
        "qtui.cwd": "/work/alpha",
        "hostname": "node7",
        "mlflow.source.git.commit": "abc123",
    }
    result = origin({"cmd-sys.argv": "train.py --name two words"}, **tags)
    assert result == RunOrigin(
        command="/venv/bin/python train.py --name 'two words'",
        source="train.py",
        commit="abc123",
        folder="/work/alpha",
        host="node7",
    )
    assert result.words == ["/venv/bin/python", "train.py", "--name", "two words"]


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ("train.py --seed 1", "python train.py --seed 1"),
        ("/venv/bin/qrun config.yaml", "/venv/bin/qrun config.yaml"),
        ("-c", ""),
        ("", ""),
    ],
)
def test_a_run_of_qlib_has_its_arguments_joined_by_spaces(arguments: str, command: str) -> None:
    result = origin({"cmd-sys.argv": arguments}, **{"mlflow.source.name": ""})
    assert result.command == command
    assert bool(result.remark) == (" " in arguments)


def test_a_run_of_mlflow_has_its_script_without_arguments() -> None:
    result = origin(**{**LOCAL, "mlflow.source.name": "my train.py"})
    assert result.words == ["python", "my train.py"]
    assert result.remark == "MLflow records no arguments: add them."


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"mlflow.source.name": "/venv/ipykernel_launcher.py", "mlflow.source.type": "LOCAL"},
        {"mlflow.source.name": "/Users/me/notebook", "mlflow.source.type": "NOTEBOOK"},
    ],
    ids=["nothing", "a notebook", "a notebook of Databricks"],
)
def test_a_run_without_a_script_has_no_command(tags: Mapping[str, str]) -> None:
    result = origin(**tags)
    assert (result.command, result.remark, result.words) == ("", "", [])


def test_a_command_with_a_hidden_password_says_so() -> None:
    assert "Passwords are hidden" in origin(**{"qtui.command": "train --token=***"}).remark


def test_the_last_step_is_the_highest_of_all_metrics() -> None:
    metrics = {"loss": Point(41, 2, 0.1), "ic": Point(7, 9, 0.5)}
    result = run_origin(Run(RunInfo("r", "0"), metrics=metrics))
    assert (result.last_step, result.last_metric) == (41, "loss")


def test_a_command_line_with_an_open_quote_is_split_at_blanks() -> None:
    assert origin(**{"qtui.command": "echo 'open"}).words == ["echo", "'open"]


@pytest.mark.parametrize(
    ("command", "source"),
    [
        (["python", "train.py"], "train.py"),
        (["/usr/bin/python3.11", "-u", "train.py"], "train.py"),
        (["python", "-m", "alpha.train"], "alpha.train"),
        (["python", "-c", "print()"], "python"),
        (["sh", "run.sh"], "run.sh"),
        (["shuffle", "cards"], "shuffle"),
        (["python"], "python"),
    ],
)
def test_the_source_of_a_command_is_its_script_or_its_program(command: list[str], source: str) -> None:
    assert source_of(command) == source
