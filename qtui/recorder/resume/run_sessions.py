"""Running commands and Python prompts inside new and existing runs."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from qtui.entities import ExperimentInfo, Run, RunInfo, Status, ViewType
from qtui.errors import ExperimentExists, ExperimentNotFound, NotActive, ReadOnly, StoreNotFound, UsageError
from qtui.formatting import now_ms
from qtui.query.projection import Projection
from qtui.recorder.config import MLFLOW_RUN_VARIABLE, RESUMED_RUN_VARIABLE
from qtui.recorder.library import Library
from qtui.recorder.reading.lookup import find_experiment
from qtui.recorder.recording.mlflow_attachment import FILE_STORE_FLAG
from qtui.recorder.recording.provenance import COMMAND_PARAM, own_tags, user
from qtui.recorder.resume.command_process import run_command
from qtui.recorder.resume.origin import differs_for_qlib, source_of
from qtui.recorder.store_access import StoreAccess
from qtui.stderr import print_message
from qtui.store.edits import SetStatus, apply_edits
from qtui.store.environment import absolute_path, working_folder

COMMAND = Projection(params=frozenset({COMMAND_PARAM}))
MEMORY_SCHEME = "memory:"
MLFLOW_URI_VARIABLE = "MLFLOW_TRACKING_URI"
QLIB_URI_VARIABLE = "QLIB_MLFLOW_URI"
EXPERIMENT_VARIABLE = "MLFLOW_EXPERIMENT_ID"
CONFLICTING_VARIABLES = ("QTUI_URI", "MLFLOW_EXPERIMENT_NAME")
"""Variables that take precedence over those of the run."""
PROMPT_PROGRAM = """
from qtui.recorder import R
recorder = R.get_recorder(recorder_id={run_id!r})
_binding = R.bind(recorder)
_binding.__enter__()
print({banner!r})
"""
PROMPT_BANNER = """R logs into the run {run_id} ({name}); its status stays {status}.
  R.log_metrics(loss=0.1)    R.set_tags(note="...")    recorder.list_metrics()    recorder.load_object("name")
ctrl+d returns to qtui."""
IN_MEMORY = "This store is in the memory of one process: no other command can log into it."


def resume_run(
    library: Library, info: RunInfo, command: Sequence[str], *, log: bool = False, folder: Path | None = None
) -> int:
    """Run a command inside an existing run and return its exit code.

    The run is RUNNING meanwhile, and keeps its last end time, as after `mlflow.start_run(run_id=...)`.

    Parameters
    ----------
    log
        Whether to save the output as an artifact.
    folder
        The working directory of the command; by default that of this process.

    Raises
    ------
    NotActive
        If the run is deleted.
    ReadOnly
        If the store cannot be changed.
    UsageError
        If there is no such command.
    """
    if reason := library.read_only_reason():
        raise ReadOnly(reason)
    folder = folder or absolute_path("", working_folder())
    check_command(command, library.uri, folder)
    check_not_deleted(info)
    warn_of_qlib(library.run(info, COMMAND), command)
    access = StoreAccess(library.store.uri, keep_schema=True)
    apply_edits(access.writer, SetStatus([info], Status.RUNNING.value))
    return run_inside(access, info, command, log=log, folder=folder)


def warn_of_qlib(run: Run, command: Sequence[str]) -> None:
    """Print a warning if Qlib, which logs the command line as a param, would stop logging after that."""
    if differs_for_qlib(run.params.get(COMMAND_PARAM, ""), command):
        print_message(
            "The arguments differ from the recorded ones. If the command records with Qlib itself, Qlib loses all "
            "values that it logs; MLflow and R of qtui lose none."
        )


def check_not_deleted(info: RunInfo) -> None:
    """Raise NotActive for a deleted run."""
    if info.lifecycle_stage != ViewType.ACTIVE.value:
        raise NotActive(f"The run {info.run_id} is deleted. Restore it first: qtui restore {info.run_id}")


def run_in_new_run(
    uri: str,
    experiment: str,
    command: Sequence[str],
    *,
    name: str = "",
    log: bool = False,
    folder: Path | None = None,
) -> int:
    """Run a command inside a new run of an experiment, given by name or ID, and return its exit code.

    An experiment of this name is created if there is none, and the store too. The parameters are as for `resume_run`.
    """
    folder = folder or absolute_path("", working_folder())
    check_command(command, uri, folder)
    access = StoreAccess(uri, keep_schema=True)
    source = source_of(command)
    info = access.writer.create_run(
        find_or_create_experiment(access, experiment),
        name=name or PurePosixPath(source).name,
        start_time=now_ms(),
        user=user(),
        tags=own_tags(source, command, folder),
    )
    return run_inside(access, info, command, log=log, folder=folder)


def run_inside(access: StoreAccess, info: RunInfo, command: Sequence[str], *, log: bool, folder: Path) -> int:
    """Run a command inside a run that is RUNNING."""
    is_file_store = access.store.kind == "files"
    uri = access.store.uri
    if is_file_store:
        # MLflow takes the path as percent-encoded.
        uri = Path(uri.removeprefix("file:")).as_uri()
    access.close()
    environ = command_environment(os.environ, info, uri, is_file_store=is_file_store)
    return run_command(uri, info.run_id, command, environ, log=log, folder=folder)


def check_command(command: Sequence[str], uri: str, folder: Path) -> None:
    """Raise UsageError if a command does not exist, or if it could not open the store."""
    program = str(folder / command[0]) if "/" in command[0] else command[0]
    if shutil.which(program) is None:
        raise UsageError(f"There is no command {command[0]!r}.")
    if uri.startswith(MEMORY_SCHEME):
        raise UsageError(IN_MEMORY)


def reason_not_to_run(library: Library) -> str:
    """Return why no command can run inside the runs of a store, as a sentence; empty if one can."""
    if library.uri.startswith(MEMORY_SCHEME):
        return IN_MEMORY
    return library.read_only_reason()


def find_or_create_experiment(access: StoreAccess, text: str) -> ExperimentInfo:
    """Return the experiment with this name, else with this ID; create one of this name if there is none."""
    try:
        experiment = find_experiment(access.store, text)
    except (StoreNotFound, ExperimentNotFound):
        try:
            return access.writer.create_experiment(text)
        except ExperimentExists:
            # Another process has created it meanwhile.
            experiment = find_experiment(access.store, text)
    if experiment.lifecycle_stage != ViewType.ACTIVE.value:
        raise NotActive(f"The experiment {text!r} is deleted. Restore it first: qtui restore --experiment {text!r}")
    return experiment


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


def prompt_command(info: RunInfo) -> list[str]:
    """Return the command of a Python prompt for a run; the store comes from its environment."""
    banner = PROMPT_BANNER.format(run_id=info.run_id, name=info.name, status=info.status)
    return [sys.executable, "-i", "-c", PROMPT_PROGRAM.format(run_id=info.run_id, banner=banner)]


def prompt_environment(environ: Mapping[str, str], uri: str) -> dict[str, str]:
    """Return the environment of the prompt."""
    return {**environ, "QTUI_URI": uri}
