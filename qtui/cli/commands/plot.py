"""`qtui plot`: curves of metrics, drawn with characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from qtui.cli.terminal import Terminal
    from qtui.entities import Problem, RunInfo
    from qtui.plot.curves.chart import Chart
    from qtui.plot.curves.chart_options import ChartOptions
    from qtui.plot.pieces import Row
    from qtui.plot.series import Series
    from qtui.recorder import Library

    KeyedSeries: TypeAlias = tuple[str, Series]

COLOURS = ("36", "33", "32", "35", "94", "31", "96", "37")
"""SGR codes for the roles `run-0`, `run-1`…: the sixteen colours that every terminal has."""
STYLES = {"title": "1", "axis": "2", "tick": "2", "muted": "2", "grid": "2"}
DEFAULT_COLUMNS = 80
MAX_DEFAULT_ROWS = 24


def plot(
    ctx: typer.Context,
    runs: Annotated[
        list[str], typer.Argument(metavar="RUN...", help="Run IDs, unique prefixes of them, or EXPERIMENT/NAME.")
    ],
    metrics: Annotated[list[str], typer.Option("--metric", "-m", metavar="KEY", help="A metric; can be repeated.")],
    right: Annotated[str | None, typer.Option(metavar="KEY", help="One more metric, on the right y-axis.")] = None,
    log: Annotated[bool, typer.Option("--log", help="A logarithmic axis, symmetric where values need it.")] = False,
    smooth: Annotated[float, typer.Option(metavar="S", help="Smoothing, from 0 to below 1.")] = 0,
    x: Annotated[
        str, typer.Option("--x", metavar="AXIS", help="The x-axis: step, time, relative, or another metric.")
    ] = "step",
    width: Annotated[
        int | None, typer.Option(metavar="W", min=1, help="The width in cells; by default that of the terminal.")
    ] = None,
    height: Annotated[int | None, typer.Option(metavar="H", min=1, help="The height in rows.")] = None,
    svg: Annotated[bool, typer.Option("--svg", help="Print an SVG document instead.")] = False,
) -> None:
    """Draw metrics of one or several runs."""
    from qtui.cli.global_options import report_problems
    from qtui.errors import UsageError
    from qtui.plot.curves.chart_options import ChartOptions
    from qtui.plot.series import XAxis

    if not 0 <= smooth < 1:
        raise UsageError(f"--smooth takes a number from 0 to below 1, not {smooth:g}.")
    x_axis, x_metric = (XAxis(x), "") if x in {*XAxis} else (XAxis.STEP, x)
    keys = [*dict.fromkeys(metrics), *([right] if right and right not in metrics else [])]
    with ctx.obj.library() as library:
        infos = list(dict.fromkeys(library.find_run(run) for run in runs))
        series, problems = _read(library, infos, keys, x_metric)
    options = ChartOptions(x_axis, x_metric, smooth, log_y=log, right_metrics=frozenset([right] if right else []))
    if svg:
        _write_svg(series, options)
    else:
        _write_text(series, options, width, height)
    report_problems(problems, {info.run_id for info in infos})


def _write_text(series: Sequence[KeyedSeries], options: ChartOptions, width: int | None, height: int | None) -> None:
    from qtui.cli.terminal import detect_terminal, write_lines
    from qtui.plot.curves.drawing import draw_chart
    from qtui.plot.glyphs import ASCII, BRAILLE

    terminal = detect_terminal()
    glyphs = BRAILLE if terminal.is_unicode else ASCII
    chart = replace(_chart(series, options), glyphs=glyphs, use_marks=len(series) > 1 and not terminal.has_colour)
    picture = draw_chart(chart, width or terminal.width or DEFAULT_COLUMNS, height or _rows())
    write_lines(_render(row, terminal) for row in picture.rows)


def _write_svg(series: Sequence[KeyedSeries], options: ChartOptions) -> None:
    from qtui.cli.terminal import write_data
    from qtui.plot.export import svg_export

    write_data(svg_export.chart_svg(_chart(series, options)))


def _read(
    library: Library, infos: Sequence[RunInfo], keys: Sequence[str], x_metric: str
) -> tuple[list[KeyedSeries], list[Problem]]:
    """Return a series for each run and metric, along `x_metric` if that is not empty.

    Runs without one of the metrics are reported; MetricNotFound is raised if nothing can be drawn.
    """
    from qtui import stderr
    from qtui.errors import MetricNotFound
    from qtui.plot.series import Series
    from qtui.runs.display_names import distinct_run_names

    series: list[KeyedSeries] = []
    problems: list[Problem] = []
    errors: list[MetricNotFound] = []
    for info, name in zip(infos, distinct_run_names(infos), strict=True):
        for key in keys:
            try:
                history, run_problems = library.history(info, key)
                x_history, x_problems = library.history(info, x_metric) if x_metric else (None, ())
            except MetricNotFound as error:
                errors.append(error)
                continue
            label = " ".join(([name] if len(infos) > 1 else []) + ([key] if len(keys) > 1 or len(infos) == 1 else []))
            role = f"run-{len(series) % len(COLOURS)}"
            one = Series.from_history(history, label, role, info.start_time)
            series.append((key, one.along(Series.from_history(x_history, x_metric, role)) if x_history else one))
            problems += [*run_problems, *x_problems]
    if not series:
        raise errors[0]
    for message in dict.fromkeys(map(str, errors)):
        stderr.print_message(message)
    return series, problems


def _chart(series: Sequence[KeyedSeries], options: ChartOptions) -> Chart:
    """Return the chart of these series, with a legend."""
    from qtui.plot.curves.chart_options import build_chart, scales_for
    from qtui.plot.series import make_curve

    curves = [
        make_curve(one, options.x_axis, smoothing=options.smoothing, right=key in options.right_metrics)
        for key, one in series
    ]
    return replace(build_chart(curves, (), options, scales_for(curves, options)), legend=True)


def _rows() -> int:
    """Return the height of a chart without `--height`."""
    import shutil

    return max(8, min(MAX_DEFAULT_ROWS, shutil.get_terminal_size((DEFAULT_COLUMNS, MAX_DEFAULT_ROWS)).lines - 2))


def _render(row: Row, terminal: Terminal) -> str:
    """Return the row with escape sequences for its colours, or plain on a terminal without any."""
    from qtui.plot.rows import plain_text

    if not terminal.has_colour:
        return plain_text(row).rstrip()
    return "".join(_render_piece(*piece) for piece in row)


def _render_piece(text: str, role: str) -> str:
    """Return a piece in the colour of its role."""
    name, _, dim = role.removeprefix("run-").partition("-")
    code = f"{COLOURS[int(name)]}{';2' if dim else ''}" if name.isdigit() else STYLES.get(role, "")
    return f"\x1b[{code}m{text}\x1b[0m" if code and text.strip() else text
