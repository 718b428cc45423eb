"""Cached rendering of the charts of a grid: a chart is rendered again only if its inputs changed."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from typing import NamedTuple

from textual.strip import Strip

from qtui.entities import History, RunInfo
from qtui.formatting import format_number
from qtui.plot.charts.bar_chart import BarChart
from qtui.plot.curves.band import Band, average_curves
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.chart_options import ChartOptions, build_chart, scales_for
from qtui.plot.curves.cursor_overlay import overlay_cursor
from qtui.plot.curves.readout import Readout, latest_readout, readout_at
from qtui.plot.glyphs import ASCII, BRAILLE, Glyphs
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece, Row
from qtui.plot.series import Curve, Series, make_curve
from qtui.recorder.reading.metric_follower import MetricProgress
from qtui.text import display, truncate_middle, width
from qtui.tui.present.charts.chart_spec import ChartLine, CurveKey
from qtui.tui.present.charts.grid_spec import PINNED, GridCell, GridSpec
from qtui.tui.present.charts.ranked_bars import ranked_bars
from qtui.tui.widgets.metric_chart import render_picture
from qtui.tui.widgets.row_painter import RowPainter
from qtui.value_classes import dataclass

MAX_HIDDEN_POINTS = 1_000_000
"""Points kept of charts that are not visible."""

PIN_SIGN = "* "
MAX_NAME_SHARE = 0.5
"""The share of a title's width that the name may take before the values."""
RULE, BOLD_RULE = "─", "━"


class CardState(NamedTuple):
    """The inputs of a card in addition to its curves."""

    options: ChartOptions
    cursor: float | None
    focused: bool


class CardEntry(NamedTuple):
    """A curve of a card, with its band if it is a mean, and its latest value."""

    line: ChartLine
    curve: Curve
    band: Band | None
    latest: Readout | None

    def readout(self, x: float | None) -> Readout | None:
        """Return the value at x, or without one the latest value."""
        return self.latest if x is None else readout_at(self.curve, x, self.band)


@dataclass
class ChartCard:
    """The cached stages of one metric's chart, each with the inputs it was computed from."""

    lines: tuple[ChartLine, ...]
    shapes: dict[ChartLine, tuple[Hashable, CardEntry]] = field(default_factory=dict)
    chart: tuple[Hashable, Chart] | None = None
    picture: tuple[Hashable, Picture] | None = None
    strips: tuple[Hashable, list[Strip]] | None = None


class ChartCards:
    """Renders the charts of some runs from the metrics loaded so far."""

    def __init__(self, spec: GridSpec | None = None, glyphs: Glyphs = BRAILLE, *, marked: bool = False) -> None:
        """Create cards; `marked` distinguishes curves by markers instead of colours."""
        self._spec = spec or GridSpec()
        self.runs = self._spec.runs
        self.loaded: dict[CurveKey, MetricProgress | None] = {}
        """The loaded metrics; None for a metric that a run does not have."""
        self._glyphs = glyphs
        self._marked = marked
        self._cards: dict[str, ChartCard] = {}

    def keep(self, metrics: Collection[str]) -> None:
        """Drop the cached rendering of other metrics, and above a limit also their points."""
        self._cards = {metric: card for metric, card in self._cards.items() if metric in metrics}
        if sum(len(progress.history) for progress in self.loaded.values() if progress) > MAX_HIDDEN_POINTS:
            self.loaded = {key: progress for key, progress in self.loaded.items() if key.metric in metrics}

    def restyle(self) -> None:
        """Drop the rendered colours."""
        for card in self._cards.values():
            card.strips = None

    def is_missing(self, metric: str) -> bool:
        """Return whether a metric is not loaded yet for some run."""
        return any(CurveKey(run.run_id, metric) not in self.loaded for run in self.runs)

    def has_points(self, metric: str) -> bool:
        """Return whether any run has points of the metric, as far as loaded."""
        return any(progress is not None and len(progress.history) for progress in self._progress(metric))

    def is_single(self, metric: str) -> bool:
        """Return whether the metric has one point in some runs and never more, as far as loaded."""
        lengths = (len(progress.history) for progress in self._progress(metric) if progress is not None)
        return max(lengths, default=0) == 1

    def chart(self, metric: str, options: ChartOptions) -> Chart:
        """Return the chart of a metric, without a cursor."""
        card = self._card(metric)
        entries = self._entries(metric, options)
        curves = tuple(entry.curve for entry in entries)
        if card.chart is None or card.chart[0] != (curves, options):
            bands = [entry.band for entry in entries if entry.band is not None]
            chart = replace(
                build_chart(curves, bands, options, scales_for(curves, options)),
                glyphs=self._glyphs,
                use_marks=self._marked,
            )
            card.chart = (curves, options), chart
        return card.chart[1]

    def bars(self, metric: str, options: ChartOptions) -> BarChart | None:
        """Return ranked bars if every run has a single value of the metric, else None."""
        if not self.is_single(metric):
            return None
        keys = (CurveKey(run.run_id, metric) for run in self.runs)
        absent = [key for key in keys if key in self.loaded and self.loaded[key] is None]
        return ranked_bars(self.readings(metric, options, None), absent, ascii_only=self._glyphs is ASCII)

    def picture(self, cell: GridCell, options: ChartOptions) -> Picture:
        """Return the rendered chart for its cell, without the title."""
        metric, cells, rows = cell.item.metric, cell.width, cell.height - 1
        card, chart = self._card(metric), self.bars(metric, options) or self.chart(metric, options)
        if card.picture is None or card.picture[0] != (chart, cells, rows):
            card.picture = (chart, cells, rows), render_picture(chart, cells, rows)
        return card.picture[1]

    def readings(self, metric: str, options: ChartOptions, cursor: float | None) -> Mapping[ChartLine, Readout]:
        """Return the value of every curve at the cursor, or its latest value without a cursor."""
        readouts = ((entry.line, entry.readout(cursor)) for entry in self._entries(metric, options))
        return {line: readout for line, readout in readouts if readout is not None}

    def strips(self, cell: GridCell, state: CardState, painter: RowPainter) -> list[Strip]:
        """Render title and chart in exactly the size of the cell."""
        card, metric = self._card(cell.item.metric), cell.item.metric
        is_loading = self.is_missing(metric)
        title: Row = tuple(self._title(cell, state))
        cursor = state.cursor if state.focused else None
        is_blank = cell.height == 1 or (is_loading and not self.has_points(metric))
        picture = None if is_blank else self.picture(cell, state.options)
        inputs = picture, title, cursor, cell.width, cell.height
        if card.strips is None or card.strips[0] != inputs:
            rows = [title, *self._body(cell, picture, cursor, state.options)]
            card.strips = inputs, [painter.paint(row, cell.width) for row in rows[: cell.height]]
        return card.strips[1]

    def _body(
        self, cell: GridCell, picture: Picture | None, cursor: float | None, options: ChartOptions
    ) -> Sequence[Row]:
        if picture is None:
            middle, text = (cell.height - 1) // 2, "reading …"[: cell.width]
            empty: Row = (Piece(" " * cell.width),)
            notice: Row = (Piece(text.center(cell.width), "muted"),)
            return [notice if row == middle else empty for row in range(cell.height - 1)]
        if cursor is None or picture.area is None:
            return picture.rows
        return overlay_cursor(picture, cursor, self.chart(cell.item.metric, options).x.unit, self._glyphs).rows

    def _title(self, cell: GridCell, state: CardState) -> Iterator[Piece]:
        """Yield the name, a rule, and the values at the right."""
        pin = PIN_SIGN if cell.item.section == PINNED else ""
        label = f"{pin}{display(cell.label)}"
        readings = self.readings(cell.item.metric, state.options, state.cursor)
        least = min(width(label), int(cell.width * MAX_NAME_SHARE))
        has_bars = len(self.runs) > 1 and cell.height > 1 and self.is_single(cell.item.metric)
        values = [] if has_bars else fit_values(self._values(readings), cell.width - least - 3)
        taken = sum(width(piece.text) for piece in values)
        name = truncate_middle(label, max(1, cell.width - taken - 3 if values else cell.width))
        yield Piece(name, "focus" if state.focused else "title")
        left = cell.width - width(name) - taken
        if left > 0:
            rule = BOLD_RULE if state.focused else RULE
            text = f" {rule * (left - 2)} " if values and left > 2 else f" {rule * (left - 1)}"
            yield Piece(text[:left], "cursor" if state.focused else "axis")
        yield from values

    def _values(self, readings: Mapping[ChartLine, Readout]) -> list[Piece]:
        """Return the value of every curve in its colour."""
        if len(self.runs) == 1:
            return [Piece(format_number(reading.value), "strong") for reading in readings.values()]
        marks = (line.mark if self._is_marked(line) else "" for line in readings)
        return [
            Piece(f"{mark}{format_number(reading.value)}", line.role)
            for mark, (line, reading) in zip(marks, readings.items(), strict=True)
        ]

    def _is_marked(self, line: ChartLine) -> bool:
        return len(self.runs) > 1 and (self._marked or line.shares_colour)

    def _entries(self, metric: str, options: ChartOptions) -> list[CardEntry]:
        """Return the curves of the runs or groups that have the metric, with their latest values."""
        card = self._card(metric)
        shapes: dict[ChartLine, tuple[Hashable, CardEntry]] = {}
        for line in card.lines:
            progress = [(run, self.loaded.get(CurveKey(run.run_id, metric))) for run in line.runs]
            histories = [(run, part.history) for run, part in progress if part is not None]
            if histories:
                inputs = (
                    tuple(history for _, history in histories),
                    options.x_axis,
                    options.smoothing,
                    options.band_spread,
                )
                cached = card.shapes.get(line)
                is_valid = cached is not None and cached[0] == inputs
                shapes[line] = cached if cached and is_valid else (inputs, self._shape(line, histories, options))
        card.shapes = shapes
        return [entry for _, entry in shapes.values()]

    def _shape(self, line: ChartLine, histories: Sequence[tuple[RunInfo, History]], options: ChartOptions) -> CardEntry:
        """Return the curve of a run, or the mean of those of a group with its band."""
        curves = [
            make_curve(
                Series.from_history(history, line.name, line.role, run.start_time),
                options.x_axis,
                smoothing=options.smoothing,
            )
            for run, history in histories
        ]
        curve, band = curves[0], None
        if line.is_group:
            curve, band = average_curves(curves, line.name, line.role, options.band_spread)
        mark = line.mark if self._is_marked(line) else ""
        return CardEntry(line, replace(curve, mark=mark, is_dashed=line.is_baseline), band, latest_readout(curve, band))

    def _progress(self, metric: str) -> list[MetricProgress | None]:
        return [self.loaded.get(CurveKey(run.run_id, metric)) for run in self.runs]

    def _card(self, metric: str) -> ChartCard:
        if metric not in self._cards:
            self._cards[metric] = ChartCard(self._spec.chart_spec(metric).lines())
        return self._cards[metric]


def fit_values(values: Sequence[Piece], cells: int) -> list[Piece]:
    """Return the values that fit, and the number of those that do not."""
    if not values:
        return []
    pieces: list[Piece] = []
    room = cells
    for index, value in enumerate(values):
        more = f" +{len(values) - index - 1}" if index + 1 < len(values) else ""
        gap = 1 if pieces else 0
        if width(value.text) + gap + len(more) > room:
            rest = f"+{len(values) - index}"
            return [*pieces, *([Piece(" ")] if pieces else []), Piece(rest, "muted")] if len(rest) <= cells else []
        pieces += [*([Piece(" ")] if pieces else []), value]
        room -= width(value.text) + gap
    return pieces
