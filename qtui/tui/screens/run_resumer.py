"""Resuming a run from a screen: ask how, then run the command with the screen suspended, or copy the lines."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from qtui.entities import RunInfo
from qtui.errors import QtuiError
from qtui.recorder import Library
from qtui.recorder.resume.instructions import ResumeInstructions
from qtui.recorder.resume.origin import RunOrigin
from qtui.recorder.resume.run_sessions import (
    check_not_deleted,
    prompt_command,
    prompt_environment,
    resume_run,
    run_in_new_run,
)
from qtui.tui.screens.dialogs.resume_dialog import ResumeAction, ResumeDialog
from qtui.tui.screens.dialogs.text_dialog import TextDialog

if TYPE_CHECKING:
    from qtui.tui.app import QtuiApp


class RunResumer:
    """The resuming of runs of one screen; `on_change` is called after a command may have changed the store."""

    def __init__(self, library: Library, app: QtuiApp, on_change: Callable[[], object]) -> None:
        self._library = library
        self._app = app
        self._on_change = on_change

    def ask(self, info: RunInfo) -> None:
        """Ask how to go on with a run, and do it."""
        try:
            check_not_deleted(info)
        except QtuiError as error:
            self._app.show_notice(str(error), severity="warning")
            return
        dialog = ResumeDialog(self._library, info)

        def go_on(action: ResumeAction | None) -> None:
            if action is not None:
                self._do(action, info, dialog.origin)

        self._app.push_screen(dialog, go_on)

    def _do(self, action: ResumeAction, info: RunInfo, origin: RunOrigin) -> None:
        instructions = ResumeInstructions(self._library.store.uri, info.run_id, info.experiment_id, origin)
        match action:
            case ResumeAction.RUN_INSIDE | ResumeAction.RUN_NEW:
                self._ask_command(info, origin, in_new_run=action is ResumeAction.RUN_NEW)
            case ResumeAction.PROMPT:
                self._open_prompt(info)
            case ResumeAction.COPY_SHELL:
                self._app.copy(instructions.shell_line(), "the shell line")
            case ResumeAction.COPY_PYTHON:
                self._app.copy("\n".join(instructions.python_lines()), "the Python lines")
            case ResumeAction.COPY_MLFLOW:
                self._app.copy("\n".join(instructions.mlflow_lines()), "the Python lines")

    def _ask_command(self, info: RunInfo, origin: RunOrigin, *, in_new_run: bool) -> None:
        folder = folder_of_run(origin)
        kind = "a new run" if in_new_run else "this run"

        def run(line: str | None) -> None:
            if line is not None:
                self._run(info, shlex.split(line), folder, in_new_run=in_new_run)

        title = f"Command to run inside {kind}, in {folder}"
        self._app.push_screen(TextDialog(title, value=origin.command, problem=command_problem), run)

    def _run(self, info: RunInfo, command: list[str], folder: Path, *, in_new_run: bool) -> None:
        """Run a command with the screen suspended, until the user has read its output."""

        def run() -> int:
            print(f"$ {shlex.join(command)}", flush=True)
            if in_new_run:
                uri, name = self._library.store.uri, info.name
                code = run_in_new_run(uri, info.experiment_id, command, name=name, log=True, folder=folder)
            else:
                code = resume_run(self._library, info, command, log=True, folder=folder)
            print(f"\nThe command ended with exit code {code}. Press enter to return to qtui.", flush=True)
            sys.stdin.readline()
            return code

        code = self._run_suspended(run)
        if code is not None:
            self._app.show_notice(f"The command ended with exit code {code}. Its output is an artifact of the run.")

    def _open_prompt(self, info: RunInfo) -> None:
        command, environ = prompt_command(info), prompt_environment(os.environ, self._library.store.uri)
        self._run_suspended(lambda: subprocess.run(command, env=environ, check=False).returncode)

    def _run_suspended(self, action: Callable[[], int]) -> int | None:
        """Return the result of an action that has the terminal; show the reason and return None if it fails."""
        try:
            return self._app.run_suspended(action)
        except SuspendNotSupported:
            self._app.show_notice("qtui cannot be suspended in this terminal.", severity="warning")
        except QtuiError as error:
            self._app.show_notice(str(error), severity="error")
        except OSError as error:
            self._app.show_notice(f"The command cannot be started: {error}.", severity="error")
        finally:
            self._on_change()
        return None


def folder_of_run(origin: RunOrigin) -> Path:
    """Return the folder of a run if it is on this host, else the current one."""
    folder = Path(origin.folder)
    is_here = origin.host in ("", socket.gethostname()) and folder.is_absolute() and folder.is_dir()
    return folder if is_here else Path.cwd()


def command_problem(line: str) -> str | None:
    """Return why a line is not a command, or None."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        return f"{error}."
    return None if words else "Enter a command."
