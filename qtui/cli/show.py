"""`qtui show`: one run in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from qtui.entities import Problem, Run
    from qtui.recorder import Library


def show(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="An id, the beginning of one, or EXPERIMENT/NAME.")],
    json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
) -> None:
    """Show one run in full."""
    from qtui.cli import page
    from qtui.cli.formats import write_json
    from qtui.cli.session import tell_problems
    from qtui.cli.shapes import run_shape
    from qtui.cli.terminal import of_stdout, write_lines
    from qtui.entities import View

    with ctx.obj.library() as library:
        found, problems = _read(library, run)
        names = {each.experiment_id: each.name for each in library.experiments(View.ALL).items}
        if json:
            write_json(run_shape(found, names))
        else:
            write_lines(page.lines(found, names, library.artifact_root(found.info), of_stdout()))
    tell_problems(problems, {found.info.run_id})


def _read(library: Library, text: str) -> tuple[Run, Sequence[Problem]]:
    """The run with all that can be read of it, and what cannot."""
    info = library.find_run(text)
    problems: list[Problem] = []
    for batch in library.values([info]):
        problems += batch.problems
        for found in batch.items:
            return found, problems
    return library.run(info), problems
