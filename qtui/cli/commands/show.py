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
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run ID, the start of one, or EXPERIMENT/NAME.")],
    json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
) -> None:
    """Show a run with all its values."""
    from dataclasses import asdict

    from qtui.cli import run_page
    from qtui.cli.formats import write_json
    from qtui.cli.global_options import report_problems
    from qtui.cli.json_objects import logged_model_json, run_json
    from qtui.cli.terminal import detect_terminal, write_lines
    from qtui.entities import ViewType
    from qtui.runs.run_overview import RunContext

    with ctx.obj.library() as library:
        loaded, problems = _read(library, run)
        experiments = {experiment.experiment_id: experiment for experiment in library.experiments(ViewType.ALL).items}
        models = library.logged_models(loaded.info)
        problems = (*problems, *models.problems)
        if json:
            names = {key: experiment.name for key, experiment in experiments.items()}
            datasets = [asdict(dataset) for dataset in loaded.inputs]
            model_objects = [logged_model_json(model) for model in models.items]
            write_json({**run_json(loaded, names), "datasets": datasets, "models": model_objects})
        else:
            context = RunContext(
                experiment=experiments.get(loaded.info.experiment_id),
                last_write=library.last_write(loaded.info),
                artifact_root=library.artifact_root(loaded.info),
                models=models.items,
            )
            write_lines(run_page.lines(loaded, context, detect_terminal()))
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
