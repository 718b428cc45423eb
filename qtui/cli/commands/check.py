"""`qtui check`: whether a condition holds for a run, for continuous integration."""

from __future__ import annotations

from typing import Annotated

import typer


def check(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run ID, the start of one, or EXPERIMENT/NAME.")],
    condition: Annotated[
        str, typer.Argument(help='A filter, such as "best(metrics.ic) > 0.05"; with --against a metric is enough.')
    ],
    against: Annotated[
        str | None,
        typer.Option(metavar="RUN", help="The metrics of the condition must not be worse than those of this run."),
    ] = None,
    within: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="How much worse they may be: 2% or 0.01; by default 0.")
    ] = None,
) -> None:
    """Check a condition on a run, for CI.

    If it does not hold, one line says why and the exit code is 1.
    """
    from qtui.cli import conditions
    from qtui.cli.terminal import write_lines
    from qtui.errors import UsageError

    if within is not None and against is None:
        raise UsageError("--within works with --against only.")
    tolerance = conditions.parse_tolerance(within or "0")
    with ctx.obj.library() as library:
        checked = conditions.read_condition(library, run, condition, needs_metric=against is not None)
        failure = checked.failure() or (
            conditions.compare_with_base(library, checked, against, tolerance) if against else None
        )
    if failure:
        write_lines([failure])
        raise typer.Exit(1)
