"""The URI of R: the argument, else the environment, else the defaults of Qlib."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from qtui.errors import SettingsError, UsageError
from qtui.recorder.config import config
from tests.unit.recorder.recording.process import Program

ENVIRON = {
    "QTUI_URI": "file:/qtui",
    "QLIB_MLFLOW_URI": "file:/qlib",
    "QLIB_MLFLOW": '{"uri": "file:/json", "default_exp_name": "mine"}',
    "MLFLOW_TRACKING_URI": "file:/mlflow",
}


def test_sources_of_the_address_are_tried_in_order() -> None:
    environ = dict(ENVIRON)
    assert config("file:/given", environ=environ).uri == "file:/given"
    for variable, uri in zip(ENVIRON, ("file:/qtui", "file:/qlib", "file:/json", "file:/mlflow"), strict=True):
        assert config(environ=environ).uri == uri
        del environ[variable]
    assert config(environ=environ, folder=Path("/here")).uri == "file:/here/mlruns"


def test_a_store_is_configured_in_a_removed_directory_by_its_absolute_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed = tmp_path / "removed"
    removed.mkdir()
    monkeypatch.chdir(removed)
    removed.rmdir()
    assert config("file:/data/mlruns", environ={}).uri == "file:/data/mlruns"
    with pytest.raises(UsageError, match="working directory no longer exists"):
        config(environ={})


WITH_R = "from qtui import R; R.start_exp(experiment_name='e', recorder_name='mine'); R.end_exp()"


@pytest.mark.parametrize(
    ("place", "environ"),
    [
        pytest.param("mlruns", {}, id="an empty folder"),
        pytest.param("mlflow.db", {}, id="a folder with a database"),
        pytest.param("other.db", {"MLFLOW_TRACKING_URI": "sqlite:///other.db"}, id="MLflow's variable"),
        pytest.param("qlib", {"QLIB_MLFLOW_URI": "file:qlib"}, id="Qlib's variable"),
        pytest.param("json", {"QLIB_MLFLOW": '{"uri": "file:json"}'}, id="Qlib's settings"),
        pytest.param(
            "first", {"QTUI_URI": "first", "QLIB_MLFLOW_URI": "a", "MLFLOW_TRACKING_URI": "b"}, id="all variables"
        ),
        pytest.param("settings", {"XDG_CONFIG_HOME": "config"}, id="the user's settings"),
    ],
)
def test_a_run_is_listed_by_the_command_in_the_folder_where_it_was_recorded(
    place: str, environ: Mapping[str, str], tmp_path: Path, database: Path
) -> None:
    if place.endswith(".db"):
        shutil.copyfile(database, tmp_path / place)
    config_file = tmp_path / "config" / "qtui" / "config.toml"
    config_file.parent.mkdir(parents=True)
    config_file.write_text(f'uri = "{tmp_path}/settings"')
    world = {**os.environ, **{name: text.replace("config", f"{tmp_path}/config") for name, text in environ.items()}}
    subprocess.run([sys.executable, "-c", WITH_R], check=True, cwd=tmp_path, env=world)
    command = [sys.executable, "-m", "qtui", "runs", "--json"]
    listed = subprocess.run(command, check=True, cwd=tmp_path, env=world, stdout=subprocess.PIPE)
    assert [run["name"] for run in json.loads(listed.stdout)] == ["mine"]
    assert Program(tmp_path, str(tmp_path / place)).only().info.name == "mine"


def test_an_empty_variable_is_none() -> None:
    assert config(environ={"QTUI_URI": "", "MLFLOW_TRACKING_URI": "file:/m"}).uri == "file:/m"


def test_the_default_experiment_is_qlibs_unless_it_is_named() -> None:
    assert config(environ={}).default_exp_name == "Experiment"
    assert config(environ=ENVIRON).default_exp_name == "mine"
    assert config(default_exp_name="given", environ=ENVIRON).default_exp_name == "given"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("mlruns", "file:/here/mlruns"),
        ("./runs/a", "file:/here/runs/a"),
        ("file:./mlruns", "file:/here/mlruns"),
        ("file:mlruns", "file:/here/mlruns"),
        ("/abs/mlruns", "file:/abs/mlruns"),
        ("file:///abs/mlruns", "file:///abs/mlruns"),
        ("~/mlruns", "file:/home/me/mlruns"),
        ("sqlite:///rel.db", "sqlite:////here/rel.db"),
        ("sqlite:////abs.db", "sqlite:////abs.db"),
        ("http://host:5000", "http://host:5000"),
        ("databricks", "databricks"),
    ],
)
def test_a_relative_path_is_resolved_when_it_is_set(given: str, meant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert config(given, environ={}, folder=Path("/here")).uri == meant


def test_qlibs_own_variable_must_be_json() -> None:
    for text in ("nonsense", "[1]"):
        with pytest.raises(SettingsError, match="QLIB_MLFLOW is not a JSON object"):
            config(environ={"QLIB_MLFLOW": text})
