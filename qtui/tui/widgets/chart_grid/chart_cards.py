"""The charts of a grid: each is drawn once, and again only in what has changed of it."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from textual.strip import Strip

from qtui.entities import RunInfo
from qtui.formatting import format_number
from qtui.plot.chart import Chart
from qtui.plot.chart_options import ChartOptions, build_chart, scales_for
from qtui.plot.cursor_overlay import overlay_cursor
from qtui.plot.figures import BarChart
from qtui.plot.glyphs import ASCII, BRAILLE, Glyphs
from qtui.plot.picture import Picture
from qtui.plot.pieces import Piece, Row
from qtui.plot.readout import Readout, latest_readout, readout_at
from qtui.plot.series import Curve, Series, make_curve
from qtui.recorder.reading.metric_follower import MetricProgress
from qtui.runs.column_widths import shorten_title
from qtui.text import display, width
from qtui.tui.present.chart_spec import ChartLine, ChartSpec, CurveKey
from qtui.tui.present.grid_spec import PINNED, GridCell
from qtui.tui.present.ranked_bars import ranked_bars
from qtui.tui.widgets.chart_ink import ChartInk
from qtui.tui.widgets.metric_chart import drawn

PIN_SIGN = "* "
MAX_NAME_SHARE = 0.5
"""The part of a title that a name may take before values find room."""
RULE, BOLD_RULE = "─", "━"


class CardState(NamedTuple):
    """What a card shows beside its curves."""

    options: ChartOptions
    cursor: float | None
    focused: bool


@dataclass
class ChartCard:
    """What was made of one metric, each with what it was made of."""

    lines: tuple[ChartLine, ...]
    shapes: dict[ChartLine, tuple[Hashable, Curve, Readout | None]] = field(default_factory=dict)
    chart: tuple[Hashable, Chart] | None = None
    picture: tuple[Hashable, Picture] | None = None
    strips: tuple[Hashable, list[Strip]] | None = None


class ChartCards:
    """Draws charts of the runs that it was given, as far as their metrics have been read."""

    def __init__(self, runs: Sequence[RunInfo] = (), glyphs: Glyphs = BRAILLE, *, marked: bool = False) -> None:
        """`marked` tells curves apart without colours."""
        self.runs = tuple(runs)
        self.known: dict[CurveKey, MetricProgress | None] = {}
        """What has been read; None for a metric that a run does not have."""
        self._glyphs = glyphs
        self._marked = marked
        self._cards: dict[str, ChartCard] = {}

    def keep(self, metrics: Collection[str]) -> None:
        """Forget what was drawn of other metrics."""
        self._cards = {metric: card for metric, card in self._cards.items() if metric in metrics}

    def restyle(self) -> None:
        """Forget in which colours charts were drawn."""
        for card in self._cards.values():
            card.strips = None

    def missing(self, metric: str) -> bool:
        """Whether a metric has not been read of every run."""
        return any(CurveKey(run.run_id, metric) not in self.known for run in self.runs)

    def has_points(self, metric: str) -> bool:
        """Whether any run has logged the metric, as far as it has been read."""
        return any(followed is not None and len(followed.history) for followed in self._of(metric))

    def is_single(self, metric: str) -> bool:
        """Whether no run has logged the metric more than once, and any has, as far as it has been read."""
        return max((len(each.history) for each in self._of(metric) if each is not None), default=0) == 1

    def chart(self, metric: str, options: ChartOptions) -> Chart:
        """The curves of a metric, without a cursor."""
        card = self._card(metric)
        curves = tuple(curve for _, curve, _ in self._entries(metric, options))
        if card.chart is None or card.chart[0] != (curves, options):
            made = replace(
                build_chart(curves, (), options, scales_for(curves, options)),
                glyphs=self._glyphs,
                use_marks=self._marked,
            )
            card.chart = (curves, options), made
        return card.chart[1]

    def bars(self, metric: str, options: ChartOptions) -> BarChart | None:
        """Ranked bars for a metric of which every run has a single value."""
        if not self.is_single(metric):
            return None
        keys = (CurveKey(run.run_id, metric) for run in self.runs)
        absent = [key for key in keys if key in self.known and self.known[key] is None]
        return ranked_bars(self.readings(metric, options, None), absent, ascii_only=self._glyphs is ASCII)

    def picture(self, cell: GridCell, options: ChartOptions) -> Picture:
        """The chart in its slot, below its title."""
        metric, cells, rows = cell.item.metric, cell.width, cell.height - 1
        card, chart = self._card(metric), self.bars(metric, options) or self.chart(metric, options)
        if card.picture is None or card.picture[0] != (chart, cells, rows):
            card.picture = (chart, cells, rows), drawn(chart, cells, rows)
        return card.picture[1]

    def readings(self, metric: str, options: ChartOptions, cursor: float | None) -> Mapping[ChartLine, Readout]:
        """What each curve says: at a place, or with its latest value."""
        entries = self._entries(metric, options)
        found = ((line, last if cursor is None else readout_at(curve, cursor)) for line, curve, last in entries)
        return {line: reading for line, reading in found if reading is not None}

    def strips(self, cell: GridCell, state: CardState, ink: ChartInk) -> list[Strip]:
        """The lines of a card: title and chart, each of exactly the cells of its slot."""
        card, metric = self._card(cell.item.metric), cell.item.metric
        reading = self.missing(metric)
        title: Row = tuple(self._title(cell, state))
        cursor = state.cursor if state.focused else None
        is_blank = cell.height == 1 or (reading and not self.has_points(metric))
        picture = None if is_blank else self.picture(cell, state.options)
        wanted = picture, title, cursor, cell.width, cell.height
        if card.strips is None or card.strips[0] != wanted:
            rows = [title, *self._body(cell, picture, cursor, state.options)]
            card.strips = wanted, [ink.strip(row, cell.width) for row in rows[: cell.height]]
        return card.strips[1]

    def _body(
        self, cell: GridCell, picture: Picture | None, cursor: float | None, options: ChartOptions
    ) -> Sequence[Row]:
        if picture is None:
            middle, text = (cell.height - 1) // 2, "reading …"[: cell.width]
            empty: Row = (Piece(" " * cell.width),)
            said: Row = (Piece(text.center(cell.width), "muted"),)
            return [said if row == middle else empty for row in range(cell.height - 1)]
        if cursor is None or picture.area is None:
            return picture.rows
        return overlay_cursor(picture, cursor, self.chart(cell.item.metric, options).x.unit, self._glyphs).rows

    def _title(self, cell: GridCell, state: CardState) -> Iterator[Piece]:
        """The name, a rule, and the values at the right."""
        pin = PIN_SIGN if cell.item.section == PINNED else ""
        label = f"{pin}{display(cell.label)}"
        readings = self.readings(cell.item.metric, state.options, state.cursor)
        least = min(width(label), int(cell.width * MAX_NAME_SHARE))
        has_bars = len(self.runs) > 1 and cell.height > 1 and self.is_single(cell.item.metric)
        values = [] if has_bars else fitted_values(self._values(readings), cell.width - least - 3)
        taken = sum(width(piece.text) for piece in values)
        name = shorten_title(label, max(1, cell.width - taken - 3 if values else cell.width))
        yield Piece(name, "focus" if state.focused else "title")
        left = cell.width - width(name) - taken
        if left > 0:
            rule = BOLD_RULE if state.focused else RULE
            text = f" {rule * (left - 2)} " if values and left > 2 else f" {rule * (left - 1)}"
            yield Piece(text[:left], "cursor" if state.focused else "axis")
        yield from values

    def _values(self, readings: Mapping[ChartLine, Readout]) -> list[Piece]:
        """A value for each curve, in its colour."""
        if len(self.runs) == 1:
            return [Piece(format_number(reading.value), "strong") for reading in readings.values()]
        marks = (line.mark if self._is_marked(line) else "" for line in readings)
        return [
            Piece(f"{mark}{format_number(reading.value)}", line.role)
            for mark, (line, reading) in zip(marks, readings.items(), strict=True)
        ]

    def _is_marked(self, line: ChartLine) -> bool:
        return len(self.runs) > 1 and (self._marked or line.shares_colour)

    def _entries(self, metric: str, options: ChartOptions) -> list[tuple[ChartLine, Curve, Readout | None]]:
        """The curves of the runs whose metric is there, with what each says at its end."""
        card = self._card(metric)
        shapes: dict[ChartLine, tuple[Hashable, Curve, Readout | None]] = {}
        for line, followed in zip(card.lines, self._of(metric), strict=True):
            if followed is None:
                continue
            made_of = followed.history, options.x_axis, options.smoothing
            known = card.shapes.get(line)
            shapes[line] = known if known and known[0] == made_of else (made_of, *self._shaped(line, followed, options))
        card.shapes = shapes
        return [(line, curve, last) for line, (_, curve, last) in shapes.items()]

    def _shaped(self, line: ChartLine, followed: MetricProgress, options: ChartOptions) -> tuple[Curve, Readout | None]:
        [run] = line.runs
        series = Series.from_history(followed.history, line.name, line.role, run.start_time)
        curve = make_curve(series, options.x_axis, smoothing=options.smoothing)
        return replace(curve, mark=line.mark if self._is_marked(line) else ""), latest_readout(curve)

    def _of(self, metric: str) -> list[MetricProgress | None]:
        return [self.known.get(CurveKey(run.run_id, metric)) for run in self.runs]

    def _card(self, metric: str) -> ChartCard:
        if metric not in self._cards:
            self._cards[metric] = ChartCard(ChartSpec((metric,), self.runs).lines())
        return self._cards[metric]


def fitted_values(values: Sequence[Piece], cells: int) -> list[Piece]:
    """The values that fit, and how many do not."""
    if not values:
        return []
    shown: list[Piece] = []
    room = cells
    for index, value in enumerate(values):
        more = f" +{len(values) - index - 1}" if index + 1 < len(values) else ""
        gap = 1 if shown else 0
        if width(value.text) + gap + len(more) > room:
            rest = f"+{len(values) - index}"
            return [*shown, *([Piece(" ")] if shown else []), Piece(rest, "muted")] if len(rest) <= cells else []
        shown += [*([Piece(" ")] if shown else []), value]
        room -= width(value.text) + gap
    return shown
