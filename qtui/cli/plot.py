"""`qtui plot`: curves of metrics, drawn with characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeAlias

import typer

from qtui.plot.series import Along

if TYPE_CHECKING:
    from qtui.cli.terminal import Terminal
    from qtui.entities import Problem, RunInfo
    from qtui.plot.chart import Chart
    from qtui.plot.pieces import Row
    from qtui.plot.series import Series
    from qtui.recorder import Library

    Keyed: TypeAlias = tuple[str, Series]

COLOURS = ("36", "33", "32", "35", "94", "31", "96", "37")
"""For each role `run-0`, `run-1`...: one of the sixteen colours that every terminal has."""
STYLES = {"title": "1", "axis": "2", "tick": "2", "muted": "2", "grid": "2"}
PIPED_WIDTH = 80
TALLEST = 24


class Look(NamedTuple):
    """What the options say of the chart."""

    along: Along
    smoothing: float
    log: bool
    right: str | None


def plot(
    ctx: typer.Context,
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Ids, beginnings of ids, or EXPERIMENT/NAME.")],
    metrics: Annotated[list[str], typer.Option("--metric", "-m", metavar="KEY", help="A metric; can be repeated.")],
    right: Annotated[str | None, typer.Option(metavar="KEY", help="One more metric, on an axis of its own.")] = None,
    log: Annotated[bool, typer.Option("--log", help="A logarithmic axis, symmetric where values need it.")] = False,
    smooth: Annotated[float, typer.Option(metavar="S", help="Smoothing, from 0 to below 1.")] = 0,
    x: Annotated[Along, typer.Option("--x", help="What the curves run along.")] = Along.STEP,
    width: Annotated[int | None, typer.Option(metavar="W", min=1, help="Cells; as many as the terminal has.")] = None,
    height: Annotated[int | None, typer.Option(metavar="H", min=1, help="Rows.")] = None,
    svg: Annotated[bool, typer.Option("--svg", help="Print an SVG document instead.")] = False,
) -> None:
    """Draw metrics of one or several runs."""
    from qtui.cli.session import tell_problems
    from qtui.errors import UsageError

    if not 0 <= smooth < 1:
        raise UsageError(f"--smooth takes a number from 0 to below 1, not {smooth:g}.")
    keys = [*dict.fromkeys(metrics), *([right] if right and right not in metrics else [])]
    with ctx.obj.library() as library:
        infos = list(dict.fromkeys(library.find_run(run) for run in runs))
        series, problems = _read(library, infos, keys)
    look = Look(x, smooth, log, right)
    if svg:
        _write_svg(series, look)
    else:
        _write_text(series, look, width, height)
    tell_problems(problems, {info.run_id for info in infos})


def _write_text(series: Sequence[Keyed], look: Look, width: int | None, height: int | None) -> None:
    from qtui.cli.terminal import of_stdout, write_lines
    from qtui.plot.drawing import draw
    from qtui.plot.glyphs import ASCII, BRAILLE

    terminal = of_stdout()
    glyphs = BRAILLE if terminal.unicode else ASCII
    chart = replace(_chart(series, look), glyphs=glyphs, marked=len(series) > 1 and not terminal.colour)
    picture = draw(chart, width or terminal.width or PIPED_WIDTH, height or _rows())
    write_lines(_painted(row, terminal) for row in picture.rows)


def _write_svg(series: Sequence[Keyed], look: Look) -> None:
    from qtui.cli.terminal import write_data
    from qtui.plot.svg import svg

    write_data(svg(_chart(series, look)))


def _read(library: Library, infos: Sequence[RunInfo], keys: Sequence[str]) -> tuple[list[Keyed], list[Problem]]:
    """A series for each run and metric; a run without one of them is named, and none with any is an error."""
    from qtui import crash
    from qtui.errors import MetricNotFound
    from qtui.plot.series import Series

    series: list[Keyed] = []
    problems: list[Problem] = []
    missing: list[MetricNotFound] = []
    for info, name in zip(infos, _names(infos), strict=True):
        for key in keys:
            try:
                history, found = library.history(info, key)
            except MetricNotFound as absent:
                missing.append(absent)
                continue
            label = " ".join(([name] if len(infos) > 1 else []) + ([key] if len(keys) > 1 or len(infos) == 1 else []))
            role = f"run-{len(series) % len(COLOURS)}"
            series.append((key, Series.of(history, label, role, info.start_time)))
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


def _chart(series: Sequence[Keyed], look: Look) -> Chart:
    """The chart of these series."""
    from qtui.plot.axis import Axis, unit_of
    from qtui.plot.chart import Chart
    from qtui.plot.scale import LINEAR, by_magnitude
    from qtui.plot.series import shaped

    curves = tuple(shaped(each, look.along, smoothing=look.smoothing, right=key == look.right) for key, each in series)
    left, right = (
        Axis(by_magnitude(curve.y for curve in curves if curve.right is side) if look.log else LINEAR)
        for side in (False, True)
    )
    return Chart(curves, x=Axis(unit=unit_of(look.along), title=look.along.value), y=left, right=right)


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
