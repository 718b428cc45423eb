"""The legend of a large chart as a table: every line with its readout at the cursor or at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from qtui.column_fit import ColumnNeed, fit_columns
from qtui.formatting import format_number, format_time
from qtui.plot.axes.axis import Unit, format_value
from qtui.plot.curves.readout import Readout
from qtui.plot.pieces import Piece
from qtui.text import display, fit_text, pad, truncate, truncate_middle, width
from qtui.tui.present.charts.chart_spec import ChartLine, ChartSpec
from qtui.value_classes import dataclass

VALUE_CELLS = 10
"""The cells of a value, enough for common numbers."""
BAND_CELLS = 21
TIME_CELLS = 19
DURATION_CELLS = 8
MIN_NAME_CELLS = 12
SAMPLE_CELLS = 3
GAP = "  "

LIST_GAP = "   "
"""The blanks between two names of a list of lines."""
MAX_LISTED_NAME_CELLS = 32
"""The cells of a name in a list of lines."""

ALWAYS_BESIDE_CELLS, BESIDE_CELLS = 180, 110
"""The widths of the pane from which the legend is beside the chart: always, and if it would be too high below it."""

BESIDE_SHARE, BELOW_SHARE = 0.42, 0.3
"""The maximum share of the width or height that the legend takes."""


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A line of the legend."""

    line: ChartLine
    sample: str
    readout: Readout | None = None
    is_faint: bool = False
    """Whether it is hidden, or dim because another line is highlighted."""
    is_outside: bool = False
    """Whether the cursor is outside the curve, so that its end is read."""
    note: str = ""
    """The reason why there are no values, such as "reading …"."""
    has_failed: bool = False


class LegendColumn(NamedTuple):
    """A column of the legend."""

    title: str
    cells: int
    text: Callable[[Readout], str]
    is_value: bool = False
    """Whether it shows a value, not a position."""
    is_left: bool = False


class LegendColumns(NamedTuple):
    """The cells of the names and of the metrics, and the columns after them."""

    name: int = 0
    metric: int = 0
    """0 where all lines are of one metric, or of one run and called by their metrics."""
    values: tuple[LegendColumn, ...] = ()

    @property
    def titles(self) -> int:
        """The cells before the columns of values."""
        return SAMPLE_CELLS + self.name + (len(GAP) + self.metric if self.metric else 0)

    @property
    def cells(self) -> int:
        """The cells of a line."""
        return self.titles + sum(len(GAP) + column.cells for column in self.values)


class LegendScope(NamedTuple):
    """The content that the columns must have room for."""

    greatest_step: int
    x_title: str
    x_unit: Unit
    is_at_cursor: bool
    is_smoothed: bool
    has_bands: bool


def legend_columns(spec: ChartSpec, lines: Sequence[ChartLine], scope: LegendScope) -> LegendColumns:
    """Return all columns that apply to these lines."""
    has_metric_column = spec.has_several and len(spec.metrics) > 1
    names = max((width(display(line.owner_name if has_metric_column else line.name)) for line in lines), default=0)
    metrics = max((width(display(metric)) for metric in spec.metrics), default=0) if has_metric_column else 0
    values = [
        LegendColumn(
            "value" if scope.is_at_cursor else "last",
            VALUE_CELLS,
            lambda readout: format_number(readout.value),
            is_value=True,
        )
    ]
    if scope.is_smoothed:
        values.append(
            LegendColumn("smoothed", VALUE_CELLS, lambda readout: _format_optional(readout.smoothed), is_value=True)
        )
    if scope.has_bands:
        values.append(LegendColumn("runs", 4, lambda readout: f"{readout.count:,}"))
        values.append(
            LegendColumn(
                "band",
                BAND_CELLS,
                lambda readout: f"{_format_optional(readout.low)} … {_format_optional(readout.high)}",
            )
        )
    return LegendColumns(names, metrics, (*values, *_x_columns(spec, scope)))


def _x_columns(spec: ChartSpec, scope: LegendScope) -> Iterator[LegendColumn]:
    """Yield the columns of the x value: step and time of a point, or the x value of a mean."""
    step = max(len("step"), len(f"{scope.greatest_step:,}"))
    if spec.runs:
        yield LegendColumn("step", step, lambda readout: "" if readout.step is None else f"{readout.step:,}")
        yield LegendColumn("time", TIME_CELLS, lambda readout: format_time(readout.timestamp), is_left=True)
    else:
        unit = scope.x_unit
        cells = {Unit.TIMESTAMP: TIME_CELLS, Unit.DURATION: DURATION_CELLS}.get(unit, step)
        yield LegendColumn(scope.x_title, cells, lambda readout: format_value(unit, readout.x))


def fit_legend(columns: LegendColumns, cells: int) -> LegendColumns:
    """Return the columns that fit: the last values are left out first, then names are cut."""
    names = [ColumnNeed(columns.name, 0, min(columns.name, MIN_NAME_CELLS))]
    names += [ColumnNeed(columns.metric, 0, columns.metric)] if columns.metric else []
    values = [ColumnNeed(column.cells, column.cells, column.cells, rank) for rank, column in enumerate(columns.values)]
    widths = fit_columns([*names, *values], cells - SAMPLE_CELLS, len(GAP))
    name, *metric = widths[: len(names)]
    pairs = zip(columns.values, widths[len(names) :], strict=True)
    fitting = tuple(column for column, column_cells in pairs if column_cells is not None)
    return LegendColumns(name or 0, (metric[0] or 0) if metric else 0, fitting)


class LegendPlacement(NamedTuple):
    """The place of the legend, its columns, and its size as values of the styles `width` and `height`."""

    is_beside: bool
    columns: LegendColumns
    width: int | str
    height: int | str


def place_legend(columns: LegendColumns, lines: int, width: int, height: int) -> LegendPlacement:
    """Place a legend of this many lines beside or below the chart, in a pane of this size."""
    rows, max_rows = lines + 1, int(height * BELOW_SHARE)
    if width >= (BESIDE_CELLS if rows > max_rows else ALWAYS_BESIDE_CELLS):
        fitting = fit_legend(columns, int(width * BESIDE_SHARE) - 1)
        return LegendPlacement(True, fitting, fitting.cells + 1, "1fr")
    return LegendPlacement(False, fit_legend(columns, width - 1), "1fr", min(rows, max(2, max_rows)))


def legend_heading(columns: LegendColumns) -> str:
    """Return the titles of the columns."""
    titles = (GAP + pad(column.title, column.cells, "<" if column.is_left else ">") for column in columns.values)
    return " " * columns.titles + "".join(titles)


def render_entry(entry: LegendEntry, columns: LegendColumns, cells: int) -> list[Piece]:
    """Render a line: a sample of the curve, its name and its values."""
    line, role = entry.line, "muted" if entry.is_faint else "text"
    pieces = [
        Piece(pad(entry.sample, SAMPLE_CELLS), "muted" if entry.is_faint else line.role),
        Piece(_fit_name(line.owner_name if columns.metric else line.name, columns.name), role),
    ]
    if columns.metric:
        pieces.append(Piece(GAP + _fit_name(line.metric, columns.metric), role))
    if entry.note:
        note = truncate(display(entry.note), max(0, cells - columns.titles - len(GAP)))
        return [*pieces, Piece(GAP + note, "error" if entry.has_failed else "muted")]
    return [*pieces, *_values(entry, columns)] if entry.readout else pieces


def _fit_name(text: str, cells: int) -> str:
    """Return a name in exactly `cells` cells, shortened in the middle."""
    return pad(truncate_middle(display(text), cells), cells)


def _values(entry: LegendEntry, columns: LegendColumns) -> Iterator[Piece]:
    for column in columns.values:
        text = column.text(entry.readout) if entry.readout else ""
        role = "text" if column.is_value and not entry.is_faint and not entry.is_outside else "muted"
        yield Piece(GAP + fit_text(text, column.cells, "<" if column.is_left else ">"), role)


def _format_optional(value: float | None) -> str:
    return "" if value is None else format_number(value)


def name_lines(lines: Sequence[ChartLine], signs: Sequence[str], cells: int, height: int) -> list[list[Piece]]:
    """Return the names of chart lines with their signs, in at most `height` lines; the last one counts the rest."""
    rows: list[list[Piece]] = [[]]
    used = 0
    for index, (line, sign) in enumerate(zip(lines, signs, strict=True)):
        name = truncate_middle(display(line.owner_name), MAX_LISTED_NAME_CELLS)
        entry = [Piece(f"{sign} ", line.role), Piece(name)]
        entry_cells, rest = sum(width(piece.text) for piece in entry), len(lines) - index - 1
        reserved = len(LIST_GAP) + len(_format_rest(rest)) if rest and len(rows) == height else 0
        if used and used + len(LIST_GAP) + entry_cells + reserved > cells:
            if len(rows) == height:
                rows[-1].append(Piece(LIST_GAP + _format_rest(rest + 1), "muted"))
                break
            rows.append([])
            used = 0
        rows[-1] += [Piece(LIST_GAP), *entry] if used else entry
        used += entry_cells + (len(LIST_GAP) if used else 0)
    return rows


def _format_rest(count: int) -> str:
    return f"and {count:,} more"
