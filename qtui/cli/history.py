"""`qtui history`: every point of a metric."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from qtui.cli.formats import EscapeFormulas, check_escape_formulas, only_one, write_csv

if TYPE_CHECKING:
    from qtui.entities import History


def history(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="An id, the beginning of one, or EXPERIMENT/NAME.")],
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="The metrics.")],
    json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print raw values as CSV.")] = False,
    escape_formulas: EscapeFormulas = False,
) -> None:
    """Print every point of a metric.

    Nothing is left out, and the order is the one in which MLflow gives them.
    """
    from qtui.cli.session import tell_problems

    form = only_one(json=json, csv=csv) or "table"
    check_escape_formulas(escape_formulas, form)
    with ctx.obj.library() as library:
        info = library.find_run(run)
        read = [library.history(info, key) for key in dict.fromkeys(keys)]
    histories = [found for found, _ in read]
    if form == "csv":
        _write_csv(histories, escape_formulas)
    else:
        _FORMS[form](histories)
    tell_problems([problem for _, problems in read for problem in problems], {info.run_id})


def _points(found: Sequence[History]) -> Iterator[tuple[str, str, int, int, float]]:
    """Every point with its run and key."""
    for each in found:
        columns = (each.steps.tolist(), each.timestamps.tolist(), each.values.tolist())
        for step, timestamp, value in zip(*columns, strict=True):
            yield each.run_id, each.key, step, timestamp, value


def _write_table(found: Sequence[History]) -> None:
    from qtui.cli.table import Column, lines
    from qtui.cli.terminal import of_stdout, write_lines
    from qtui.formatting import format_number, format_time
    from qtui.text import display

    points = list(_points(found))
    columns = [
        Column("step", [str(step) for _, _, step, _, _ in points], ">", cut=False),
        Column("time", [format_time(timestamp) for _, _, _, timestamp, _ in points], cut=False),
        Column("value", [format_number(value) for _, _, _, _, value in points], ">", cut=False),
    ]
    if len(found) > 1:
        columns.insert(0, Column("metric", [display(key) for _, key, _, _, _ in points]))
    write_lines(lines(columns, of_stdout()))


def _write_csv(found: Sequence[History], escape_formulas: bool) -> None:
    write_csv(("run_id", "key", "step", "timestamp", "value"), _points(found), escape_formulas)


def _write_json(found: Sequence[History]) -> None:
    from qtui.cli.formats import write_json_array
    from qtui.cli.shapes import history_shape

    write_json_array(history_shape(each) for each in found)


_FORMS: Mapping[str, Callable[[Sequence[History]], None]] = {
    "table": _write_table,
    "json": _write_json,
}
