"""`qtui resume`: run a command inside an existing run, or print how to resume the run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from qtui.cli.session import Session
    from qtui.entities import Run


def resume(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run id, the start of one, or EXPERIMENT/NAME.")],
    command: Annotated[
        list[str] | None, typer.Argument(metavar="[-- COMMAND...]", help="The command with its arguments.")
    ] = None,
    log: Annotated[bool, typer.Option("--log", help="Save the output as the artifact output.log.")] = False,
) -> None:
    """Run a command inside a run, or print how to.

    Without a command the lines for a shell and for Python are printed. With one, the run is RUNNING again, and ends as
    with `qtui run`. MLflow, Qlib and qtui's R log into it; R continues each metric after its last step.
    """
    if not command:
        _print_instructions(ctx.obj, run)
        return
    from qtui.recorder.resume.run_sessions import resume_run

    with ctx.obj.library() as opened:
        library, info = opened.locate(run)
        code = resume_run(library, info, command, log=log)
    raise typer.Exit(code)


def _print_instructions(session: Session, text: str) -> None:
    """Print what the run was, what has changed since, and how to resume it."""
    from qtui.cli.terminal import write_lines
    from qtui.recorder.resume.run_sessions import check_not_deleted
    from qtui.text import display

    with session.library() as opened:
        library, info = opened.locate(text)
        run = library.run(info)
        check_not_deleted(run.info)
        write_lines([display(line) for line in _lines(run, library.store.uri)])


def _lines(run: Run, uri: str) -> Iterator[str]:
    """Yield the lines: the origin of the run, then the lines for a shell and for Python."""
    from qtui.recorder.resume.code_changes import code_changes
    from qtui.recorder.resume.instructions import ResumeInstructions
    from qtui.recorder.resume.origin import run_origin
    from qtui.recorder.resume.origin_rows import origin_rows

    origin = run_origin(run)
    instructions = ResumeInstructions(uri, run.info.run_id, run.info.experiment_id, origin)
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
