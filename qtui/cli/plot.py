"""`qtui plot`: curves of metrics, drawn with characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from qtui.plot.series import Along

if TYPE_CHECKING:
    from qtui.cli.terminal import Terminal
    from qtui.entities import Problem, RunInfo
    from qtui.plot.chart import Chart
    from qtui.plot.picture import Row
    from qtui.plot.series import Series
    from qtui.recorder import ExpManager

COLOURS = ("36", "33", "32", "35", "94", "31", "96", "37")
"""For each role `run-0`, `run-1`...: one of the sixteen colours that every terminal has."""
STYLES = {"title": "1", "axis": "2", "tick": "2", "muted": "2", "grid": "2"}
PIPED_WIDTH = 80
TALLEST = 24


def plot(
    ctx: typer.Context,
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Ids, beginnings of ids, or EXPERIMENT/NAME.")],
    metrics: Annotated[list[str], typer.Option("--metric", "-m", metavar="KEY", help="A metric; can be repeated.")],
    log: Annotated[bool, typer.Option("--log", help="A logarithmic axis, symmetric where values need it.")] = False,
    smooth: Annotated[float, typer.Option(metavar="S", help="Smoothing, from 0 to below 1.")] = 0,
    x: Annotated[Along, typer.Option("--x", help="What the curves run along.")] = Along.STEP,
    width: Annotated[int | None, typer.Option(metavar="W", min=1, help="Cells; as many as the terminal has.")] = None,
    height: Annotated[int | None, typer.Option(metavar="H", min=1, help="Rows.")] = None,
) -> None:
    """Draw metrics of one or several runs."""
    from qtui.cli.session import tell_problems
    from qtui.cli.terminal import of_stdout, write_lines
    from qtui.errors import UsageError
    from qtui.plot.drawing import draw

    if not 0 <= smooth < 1:
        raise UsageError(f"--smooth takes a number from 0 to below 1, not {smooth:g}.")
    with ctx.obj.manager() as manager:
        infos = list(dict.fromkeys(manager.find_run(run) for run in runs))
        series, problems = _read(manager, infos, list(dict.fromkeys(metrics)))
    terminal = of_stdout()
    chart = _chart(series, terminal, x, smooth, log)
    picture = draw(chart, width or terminal.width or PIPED_WIDTH, height or _rows())
    write_lines(_painted(row, terminal) for row in picture.rows)
    tell_problems(problems, {info.run_id for info in infos})


def _read(manager: ExpManager, infos: Sequence[RunInfo], keys: Sequence[str]) -> tuple[list[Series], list[Problem]]:
    """A series for each run and metric; a run without one of them is named, and none with any is an error."""
    from qtui import crash
    from qtui.errors import MetricNotFound
    from qtui.plot.series import Series

    series: list[Series] = []
    problems: list[Problem] = []
    missing: list[MetricNotFound] = []
    for info, name in zip(infos, _names(infos), strict=True):
        for key in keys:
            try:
                history, found = manager.history(info, key)
            except MetricNotFound as absent:
                missing.append(absent)
                continue
            label = " ".join(([name] if len(infos) > 1 else []) + ([key] if len(keys) > 1 or len(infos) == 1 else []))
            series.append(Series.of(history, label, f"run-{len(series) % len(COLOURS)}", info.start_time))
            problems += found
    if not series:
        raise missing[0]
    for each in missing:
        crash.say(str(each))
    return series, problems


def _names(infos: Sequence[RunInfo]) -> Iterator[str]:
    """What the runs are called; their ids where a name is missing or says too little."""
    called = Counter(info.name for info in infos)
    for info in infos:
        short = info.run_id[:8]
        yield info.name if info.name and called[info.name] == 1 else f"{info.name} {short}".strip()


def _chart(series: Sequence[Series], terminal: Terminal, along: Along, smoothing: float, log: bool) -> Chart:
    """The chart of these series for this terminal."""
    from qtui.plot.axis import Axis, unit_of
    from qtui.plot.chart import Chart
    from qtui.plot.glyphs import ASCII, BRAILLE
    from qtui.plot.scale import LINEAR, by_magnitude
    from qtui.plot.series import shaped

    curves = tuple(shaped(each, along, smoothing=smoothing) for each in series)
    return Chart(
        curves,
        x=Axis(unit=unit_of(along), title=along.value),
        y=Axis(scale=by_magnitude(curve.y for curve in curves) if log else LINEAR),
        glyphs=BRAILLE if terminal.unicode else ASCII,
        marked=len(curves) > 1 and not terminal.colour,
    )


def _rows() -> int:
    """How high a chart is when nobody says."""
    import shutil

    return max(8, min(TALLEST, shutil.get_terminal_size((PIPED_WIDTH, TALLEST)).lines - 2))


def _painted(row: Row, terminal: Terminal) -> str:
    """The row in the colours of a terminal, where it has any."""
    if not terminal.colour:
        return "".join(piece.text for piece in row).rstrip()
    return "".join(_coloured(*piece) for piece in row)


def _coloured(text: str, role: str) -> str:
    """A piece in the colour of its role."""
    name, _, dim = role.removeprefix("run-").partition("-")
    code = f"{COLOURS[int(name)]}{';2' if dim else ''}" if name.isdigit() else STYLES.get(role, "")
    return f"\x1b[{code}m{text}\x1b[0m" if code and text.strip() else text
