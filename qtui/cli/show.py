"""`qtui show`: a run with all its values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from qtui.entities import Problem, Run
    from qtui.recorder import Library


def show(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run id, the start of one, or EXPERIMENT/NAME.")],
    json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
) -> None:
    """Show a run with all its values."""
    from qtui.cli import run_page
    from qtui.cli.formats import write_json
    from qtui.cli.json_objects import run_json
    from qtui.cli.session import report_problems
    from qtui.cli.terminal import detect_terminal, write_lines
    from qtui.entities import View

    with ctx.obj.library() as library:
        loaded, problems = _read(library, run)
        names = {experiment.experiment_id: experiment.name for experiment in library.experiments(View.ALL).items}
        if json:
            write_json(run_json(loaded, names))
        else:
            write_lines(run_page.lines(loaded, names, library.artifact_root(loaded.info), detect_terminal()))
    report_problems(problems, {loaded.info.run_id})


def _read(library: Library, text: str) -> tuple[Run, Sequence[Problem]]:
    """Return the run with all readable values, and the problems."""
    info = library.find_run(text)
    problems: list[Problem] = []
    for batch in library.values([info]):
        problems += batch.problems
        for run in batch.items:
            return run, problems
    return library.run(info), problems
