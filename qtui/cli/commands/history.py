"""`qtui history`: every point of a metric."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from qtui.cli.formats import EscapeFormulas, check_escape_formulas, chosen_format, write_csv

if TYPE_CHECKING:
    from qtui.entities import History


def history(
    ctx: typer.Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run ID, the start of one, or EXPERIMENT/NAME.")],
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="The metrics.")],
    json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print raw values as CSV.")] = False,
    escape_formulas: EscapeFormulas = False,
) -> None:
    """Print every point of a metric.

    No point is left out; the order is that of MLflow.
    """
    from qtui.cli.global_options import report_problems

    format_name = chosen_format(json=json, csv=csv) or "table"
    check_escape_formulas(escape_formulas, format_name)
    with ctx.obj.library() as library:
        info = library.find_run(run)
        read = [library.history(info, key) for key in dict.fromkeys(keys)]
    histories = [metric_history for metric_history, _ in read]
    if format_name == "csv":
        _write_csv(histories, escape_formulas)
    else:
        _WRITERS[format_name](histories)
    report_problems([problem for _, problems in read for problem in problems], {info.run_id})


def _points(histories: Sequence[History]) -> Iterator[tuple[str, str, int, int, float]]:
    """Return every point with its run ID and key."""
    for metric_history in histories:
        columns = (metric_history.steps.tolist(), metric_history.timestamps.tolist(), metric_history.values.tolist())
        for step, timestamp, value in zip(*columns, strict=True):
            yield metric_history.run_id, metric_history.key, step, timestamp, value


def _write_table(histories: Sequence[History]) -> None:
    from qtui.cli.table import Column, lines
    from qtui.cli.terminal import detect_terminal, write_lines
    from qtui.formatting import format_number, format_time
    from qtui.text import display

    points = list(_points(histories))
    columns = [
        Column("step", [str(step) for _, _, step, _, _ in points], ">", can_be_cut=False),
        Column("time", [format_time(timestamp) for _, _, _, timestamp, _ in points], can_be_cut=False),
        Column("value", [format_number(value) for _, _, _, _, value in points], ">", can_be_cut=False),
    ]
    if len(histories) > 1:
        columns.insert(0, Column("metric", [display(key) for _, key, _, _, _ in points]))
    write_lines(lines(columns, detect_terminal()))


def _write_csv(histories: Sequence[History], escape_formulas: bool) -> None:
    write_csv(("run_id", "key", "step", "timestamp", "value"), _points(histories), escape_formulas)


def _write_json(histories: Sequence[History]) -> None:
    from qtui.cli.formats import write_json_array
    from qtui.cli.json_objects import history_json

    write_json_array(history_json(metric_history) for metric_history in histories)


_WRITERS: Mapping[str, Callable[[Sequence[History]], None]] = {
    "table": _write_table,
    "json": _write_json,
}
