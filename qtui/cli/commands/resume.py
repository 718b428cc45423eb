"""`qtui resume`: run a command inside an existing run, or print how to resume the run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qtui.errors import UsageError

if TYPE_CHECKING:
    from qtui.cli.global_options import GlobalOptions
    from qtui.entities import Run
    from qtui.recorder.resume.instructions import ResumeInstructions

ORIGIN_TEXTS = ("command", "remark", "source", "commit", "folder", "host", "process", "last_metric")
"""The texts of the origin of a run that JSON has."""


def resume(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run ID, the start of one, or EXPERIMENT/NAME.")],
    command: Annotated[
        list[str] | None, typer.Argument(metavar="[-- COMMAND...]", help="The command with its arguments.")
    ] = None,
    log: Annotated[bool, typer.Option("--log", help="Save the output as the artifact output.log.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Without a command, print a JSON object.")] = False,
) -> None:
    """Run a command inside a run, or print how to.

    Without a command the origin of the run, what has changed since, and lines for a shell and for Python are printed.
    With one, the run is RUNNING again, and ends as
    with `qtui run`. MLflow, Qlib and qtui's R log into it; R continues each metric after its last step.
    """
    if not command:
        _print_instructions(ctx.obj, run, as_json=json)
        return
    if json:
        raise UsageError("--json prints how to resume the run. Leave the command out.")
    from qtui.recorder.resume.run_sessions import resume_run

    with ctx.obj.library() as opened:
        library, info = opened.locate(run)
        code = resume_run(library, info, command, log=log)
    raise typer.Exit(code)


def _print_instructions(options: GlobalOptions, text: str, *, as_json: bool) -> None:
    """Print what the run was, what has changed since, and how to resume it."""
    from qtui.cli.formats import write_json
    from qtui.cli.terminal import write_lines
    from qtui.recorder.resume.run_sessions import check_not_deleted
    from qtui.text import display

    with options.library() as opened:
        library, info = opened.locate(text)
        run = library.run(info)
        check_not_deleted(run.info)
        if as_json:
            write_json(_document(run, library.store.uri))
        else:
            write_lines([display(line) for line in _lines(run, library.store.uri)])


def _document(run: Run, uri: str) -> dict[str, Any]:
    """Return the origin of the run, what has changed since, and how to resume it; null is unknown."""
    from qtui.recorder.resume.code_changes import code_changes

    instructions = _instructions(run, uri)
    origin, changes = instructions.origin, code_changes(instructions.origin)
    return {
        "run_id": run.info.run_id,
        "name": run.info.name,
        "experiment_id": run.info.experiment_id,
        "status": run.info.status,
        "origin": {
            **{name: getattr(origin, name) or None for name in ORIGIN_TEXTS},
            "last_step": origin.last_step,
        },
        "since": {
            "commit": changes.commit or None,
            "later_commits": changes.later_commits,
            "changed_files": list(changes.changed_files) if changes.is_known else None,
            "folder_is_missing": changes.folder_is_missing,
            "is_other_host": bool(changes.other_host),
            "process_has_ended": changes.process_has_ended,
        },
        "resume": {
            "shell": instructions.shell_line(),
            "qtui": instructions.python_lines(),
            "mlflow": instructions.mlflow_lines(),
            "qlib": instructions.qlib_lines(),
        },
    }


def _instructions(run: Run, uri: str) -> ResumeInstructions:
    from qtui.recorder.resume.instructions import ResumeInstructions
    from qtui.recorder.resume.origin import run_origin

    return ResumeInstructions(uri, run.info.run_id, run.info.experiment_id, run_origin(run))


def _lines(run: Run, uri: str) -> Iterator[str]:
    """Yield the lines: the origin of the run, then the lines for a shell and for Python."""
    from qtui.recorder.resume.code_changes import code_changes
    from qtui.recorder.resume.origin_rows import origin_rows

    instructions = _instructions(run, uri)
    origin = instructions.origin
    yield f"{run.info.name} {run.info.run_id} {run.info.status}".strip()
    for label, text in origin_rows(origin, code_changes(origin)):
        yield f"  {label:<10} {text}"
    sections = {
        "Shell": [instructions.shell_line()],
        "Python, with R of qtui": instructions.python_lines(),
        "Python, with MLflow": instructions.mlflow_lines(),
        "Python, with Qlib": instructions.qlib_lines(),
    }
    for title, lines in sections.items():
        yield ""
        yield f"{title}:"
        yield from (f"  {line}" for line in lines)
