"""`qtui run`: run a command inside a new run."""

from __future__ import annotations

from typing import Annotated

import typer


def run(
    ctx: typer.Context,
    experiment: Annotated[str, typer.Argument(metavar="EXP", help="The name or ID of an experiment.")],
    command: Annotated[list[str], typer.Argument(metavar="-- COMMAND...", help="The command with its arguments.")],
    name: Annotated[str, typer.Option(metavar="N", help="The name of the run; by default that of the script.")] = "",
    log: Annotated[bool, typer.Option("--log", help="Save the output as the artifact output.log.")] = False,
) -> None:
    """Run a command inside a new run.

    MLflow, Qlib and qtui's R log into this run, because the command gets MLFLOW_TRACKING_URI, MLFLOW_RUN_ID,
    MLFLOW_EXPERIMENT_ID and QTUI_RECORDER_ID. At its end the run is FINISHED, FAILED after an exit code other than 0,
    or KILLED after Ctrl-C or another signal. The exit code is that of the command.
    """
    from qtui.errors import ReadOnly
    from qtui.recorder.config import config
    from qtui.recorder.editing.permission import option_reason
    from qtui.recorder.resume.run_sessions import run_in_new_run

    if reason := option_reason(read_only=ctx.obj.read_only):
        raise ReadOnly(reason)
    raise typer.Exit(run_in_new_run(config(ctx.obj.uri).uri, experiment, command, name=name, log=log))
