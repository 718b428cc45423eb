"""The origin of a run: its command line, code, folder and host, from the tags of qtui, Qlib and MLflow."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import PurePosixPath

from qtui.entities import (
    COMMAND_TAG,
    FOLDER_TAG,
    GIT_COMMIT_TAG,
    HOST_TAG,
    PROCESS_TAG,
    SOURCE_NAME_TAG,
    SOURCE_TYPE_TAG,
    Run,
    Status,
)
from qtui.recorder.recording.provenance import COMMAND_PARAM
from qtui.text import HIDDEN
from qtui.value_classes import dataclass

LOCAL_SOURCE = "LOCAL"
"""MLflow's source type of a script; others are notebooks, jobs and projects."""
NOTEBOOK_SCRIPT = "ipykernel_launcher.py"
"""The script that MLflow takes for the source of a notebook."""
INTERPRETERS = re.compile(r"(python|pypy)[\d.]*|(ba|z|)sh|perl|ruby|node|julia|Rscript")


@dataclass(frozen=True, slots=True)
class RunOrigin:
    """How a run was started; empty texts are unknown."""

    command: str = ""
    """The command line, quoted for a shell."""
    remark: str = ""
    """Why the command line may differ from the original one."""
    source: str = ""
    commit: str = ""
    folder: str = ""
    host: str = ""
    last_step: int | None = None
    """The highest step of all metrics."""
    last_metric: str = ""
    """A metric that has a point at this step."""
    is_running: bool = False
    process: str = ""
    """Host and ID of the process that will end the run."""

    @property
    def words(self) -> list[str]:
        """Return the command line as a list of arguments."""
        return split_command(self.command)


def run_origin(run: Run) -> RunOrigin:
    """Return the origin of a run that was read with all its tags, params and metrics."""
    command, remark = recorded_command(run)
    step, metric = max(((point.step, key) for key, point in run.metrics.items()), default=(None, ""))
    return RunOrigin(
        command,
        remark,
        source=run.tags.get(SOURCE_NAME_TAG, ""),
        commit=run.tags.get(GIT_COMMIT_TAG, ""),
        folder=run.tags.get(FOLDER_TAG, ""),
        host=run.tags.get(HOST_TAG, ""),
        last_step=step,
        last_metric=metric,
        is_running=run.info.status == Status.RUNNING,
        process=run.tags.get(PROCESS_TAG, ""),
    )


def recorded_command(run: Run) -> tuple[str, str]:
    """Return the command line of a run and a remark about it; both are empty if no command is recorded."""
    if command := run.tags.get(COMMAND_TAG, ""):
        return command, "Passwords are hidden: enter them again." if HIDDEN in command else ""
    if arguments := run.params.get(COMMAND_PARAM, ""):
        command = script_command(arguments)
        return command, "Qlib records arguments without their quotes." if command and " " in arguments else ""
    source = run.tags.get(SOURCE_NAME_TAG, "")
    if run.tags.get(SOURCE_TYPE_TAG) == LOCAL_SOURCE and not source.endswith(NOTEBOOK_SCRIPT):
        command = script_command(shlex.quote(source) if source else "")
        return command, "MLflow records no arguments: add them." if command else ""
    return "", ""


def script_command(arguments: str) -> str:
    """Return the command line for the text of `sys.argv`, which begins with a script or a program.

    >>> script_command("train.py --seed 1")
    'python train.py --seed 1'
    >>> script_command("/venv/bin/qrun config.yaml")
    '/venv/bin/qrun config.yaml'
    >>> script_command("-c")
    ''
    """
    script = next(iter(split_command(arguments)), "")
    if not script or script.startswith("-"):
        return ""
    return f"python {arguments}" if script.endswith(".py") else arguments


def split_command(text: str) -> list[str]:
    """Return the arguments of a command line; an unclosed quote is taken as it is.

    >>> split_command("python train.py --name 'two words'")
    ['python', 'train.py', '--name', 'two words']
    """
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def differs_for_qlib(arguments: str, command: Sequence[str]) -> bool:
    """Return whether Qlib would refuse a command in a run with these recorded arguments.

    >>> differs_for_qlib("train.py --seed 1", ["python", "train.py", "--seed", "2"])
    True
    """
    return bool(arguments) and not f" {' '.join(command)}".endswith(f" {arguments}")


def source_of(command: Sequence[str]) -> str:
    """Return the script or program that a command runs.

    >>> source_of(["/usr/bin/python3", "-u", "train.py", "--seed", "1"])
    'train.py'
    >>> source_of(["./train", "fast"])
    './train'
    """
    if INTERPRETERS.fullmatch(PurePosixPath(command[0]).name) and "-c" not in command:
        return next((argument for argument in command[1:] if not argument.startswith("-")), command[0])
    return command[0]
