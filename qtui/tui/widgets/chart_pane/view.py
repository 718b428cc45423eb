"""A large chart with its legend: it is given histories, and shows them as the user wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.reactive import var

from qtui.entities import Status
from qtui.plot.chart import Chart
from qtui.plot.chart_options import ChartOptions, build_chart
from qtui.plot.figures import Bar, BarChart
from qtui.plot.glyphs import ASCII, BRAILLE, Glyphs
from qtui.plot.limits import AxisLimits, x_limits
from qtui.plot.readout import Readout
from qtui.plot.scale import LINEAR
from qtui.plot.series import Curve
from qtui.plot.viewport import follow_end
from qtui.text import display
from qtui.tui.present.chart_legend import LegendColumns, LegendEntry, LegendScope, fit_columns, legend_columns
from qtui.tui.present.chart_spec import ChartLine, ChartSpec, CurveKey
from qtui.tui.present.ranked_bars import count_absent, rank_lines, ranked_bars
from qtui.tui.widgets.chart_pane.curve_set import HeldCurves
from qtui.tui.widgets.chart_pane.legend import ChartLegend
from qtui.tui.widgets.metric_chart import MetricChart
from qtui.tui.widgets.status_line import render_live
from qtui.tui.widgets.text_line import TextLine

ALWAYS_BESIDE, BESIDE = 180, 110
"""Columns from which the legend stands beside the chart: always, and where below it would need too many lines."""
BESIDE_SHARE, BELOW_SHARE = 0.42, 0.3
"""The most of the room that a legend takes."""


class Board(HeldCurves):
    """Shows the curves that have come, and says of the others why they are not there."""

    DEFAULT_CSS = """
    Board {
        & > #body { height: 1fr; layout: vertical; }
        & > #body > ChartLegend { height: auto; margin-top: 1; }
        &.-beside > #body { layout: horizontal; }
        &.-beside > #body > ChartLegend { height: 1fr; margin-top: 0; margin-left: 2; }
        &.-bare > #body > ChartLegend, &.-bars > #body > ChartLegend { display: none; }
    }
    """

    live: var[bool] = var(True, init=False)
    """Whether curves of runs that go on are followed."""

    failure: var[str] = var("", init=False)
    """Why the last look at them found nothing out."""

    def __init__(self, spec: ChartSpec, glyphs: Glyphs = BRAILLE) -> None:
        super().__init__(spec)
        self.glyphs = glyphs
        self.brought_out = False
        self.has_bars = False
        """Whether bars are shown in place of curves and legend."""
        self.chart_widget = MetricChart()
        self.chart_widget.can_focus = True
        self.legend = ChartLegend(self.entry)
        self._state = TextLine()
        self._legend_size: tuple[int | str, int | str] | None = None

    def compose(self) -> ComposeResult:
        """What is shown how, the chart, the legend."""
        yield self._state
        with Container(id="body"):
            yield self.chart_widget
            yield self.legend

    def on_mount(self) -> None:
        """Show that curves are coming."""
        self.show_traces()

    def show_title(self, more: str = "") -> None:
        """Show what the chart is of."""
        super().show_title(more or self.spec.title())

    def watch_live(self) -> None:
        """Say whether curves are followed."""
        self._show_state()

    def watch_failure(self) -> None:
        """Say why nothing was found out, or nothing."""
        self._show_state()

    # What is shown

    def show_traces(self) -> None:
        """Show the lines of what is charted now."""
        self.lines = self.spec.lines()
        self.show_title()
        self.rearrange()

    def rearrange(self) -> None:
        """Draw all curves as they are wanted now."""
        before = self.extent
        self._shape()
        after = self.extent
        low, high = self.options.x_limits
        if before and after and before != after and low is not None and high is not None:
            self.options = self.options.with_x_limits(follow_end(AxisLimits(low, high), before, after))
        self.show()

    def show(self) -> None:
        """Show the curves that are made already: another view, another cursor."""
        self.show_cursor()
        self._show_state()
        self.refresh_bindings()

    def show_cursor(self) -> None:
        """Show what is seen already with another cursor."""
        had_bars, self.has_bars = self.has_bars, self.has_single_values
        self.set_class(self.has_bars, "-bars")
        self._show_legend()
        if self.has_bars and not had_bars:
            self.legend.table.cursor = 0
        self.chart_widget.bars = self.bars
        self.chart_widget.chart = self.chart

    @property
    def chart(self) -> Chart:
        """The chart as it is shown, the current curve over the others; those are faint while it is brought out."""
        current = self.legend.current
        ordered = sorted(self._curves, key=lambda line: line == current)
        bands = [self._bands[line] for line in ordered if line in self._bands and not self._is_faint(line)]
        chart = build_chart([self._coloured(line) for line in ordered], bands, self.options, self.scales)
        return replace(chart, cursor=self.cursor, glyphs=self.glyphs)

    @property
    def bars(self) -> BarChart | None:
        """Ranked bars where each run has a single value; a chart along steps would be a column of dots."""
        if not self.has_single_values:
            return None
        chart = ranked_bars(self._readings, self._absent_keys, ascii_only=self.glyphs is ASCII)
        unread = [line for line in self._bar_traces if line not in self._readings]
        bars = (Bar(line.name, None, "muted", self.entry(line).note) for line in unread)
        current = self.legend.current
        place = self._bar_traces.index(current) if current in self._bar_traces else None
        return replace(chart, bars=(*chart.bars, *bars), current=place)

    @property
    def bars_document(self) -> BarChart | None:
        """The bars as they are exported: with a title, and without hidden ones and a cursor."""
        if not self.has_single_values:
            return None
        chart = ranked_bars(self._readings, self._absent_keys, ascii_only=self.glyphs is ASCII)
        return replace(chart, title=self.spec.title())

    @property
    def _readings(self) -> Mapping[ChartLine, Readout]:
        """What is read of each curve."""
        readings = ((line, self.reading_of(line)) for line in self.lines)
        return {line: reading for line, reading in readings if reading is not None}

    @property
    def _bar_traces(self) -> list[ChartLine]:
        """The lines in the order of their bars, hidden and failed ones last."""
        ranked = rank_lines(self._readings)
        return [*ranked, *(line for line in self.lines if line not in ranked and not self.is_absent(line))]

    @property
    def _absent_keys(self) -> list[CurveKey]:
        return [key for key in self.wanted if key in self._lacking]

    @property
    def document(self) -> Chart:
        """The chart as it is given out: with a title and a legend of its own."""
        chart = build_chart(self.curves, tuple(self._bands.values()), self.options, self.scales)
        return replace(chart, title=self.spec.title(), legend=True, cursor=self.cursor, glyphs=self.glyphs)

    def _coloured(self, line: ChartLine) -> Curve:
        curve = self._curves[line]
        return self._shapes.dimmed(curve) if self._is_faint(line) else curve

    def _is_faint(self, line: ChartLine) -> bool:
        return self.brought_out and line != self.legend.current

    # The legend and what is said above

    def _show_legend(self) -> None:
        extent = LegendScope(
            greatest_step=max((int(each.steps.max()) for each in self._series.values() if len(each)), default=0),
            x_axis=self.options.x_axis,
            at_cursor=self.cursor is not None,
            smoothed=bool(self.options.smoothing and self.spec.runs),
            banded=bool(self._bands),
        )
        ordered = self._bar_traces if self.has_bars else sorted(self.lines, key=self.is_absent)
        self.legend.show(ordered, self._make_room(legend_columns(self.spec, self.lines, extent)))

    def _make_room(self, columns: LegendColumns) -> LegendColumns:
        """Give the legend its place and its size, and the columns that fit into it."""
        legend_lines, most = len(self.lines) + 1, int(self.size.height * BELOW_SHARE)
        beside = self.size.width >= (BESIDE if legend_lines > most else ALWAYS_BESIDE)
        self.set_class(beside, "-beside")
        if beside:
            found = fit_columns(columns, int(self.size.width * BESIDE_SHARE) - 1)
            self._size_legend(found.cells + 1, "1fr")
            return found
        self._size_legend("1fr", min(legend_lines, max(2, most)))
        return fit_columns(columns, self.size.width - 1)

    def _size_legend(self, width: int | str, height: int | str) -> None:
        """Size it, but only when that changes something: sizes cost a layout of the screen."""
        if (width, height) != self._legend_size:
            self._legend_size = width, height
            self.legend.styles.width, self.legend.styles.height = width, height

    def on_resize(self) -> None:
        """Arrange for the new size."""
        self._show_legend()

    def entry(self, line: ChartLine) -> LegendEntry:
        """What the legend says of a curve."""
        sample = self.mark_of(line) or self.glyphs.line
        faint = self._is_faint(line)
        if self.is_hidden(line):
            return LegendEntry(line, "", faint=True, note="hidden")
        curve = self._curves.get(line)
        if curve is None:
            return self._absent(line)
        return LegendEntry(line, sample, self.reading_of(line), faint, beside=self._is_beside(curve))

    def _is_beside(self, curve: Curve) -> bool:
        """Whether a curve begins or ends before the cursor."""
        reach = x_limits([curve], LINEAR)
        return self.cursor is not None and reach is not None and not reach.low <= self.cursor <= reach.high

    def _absent(self, line: ChartLine) -> LegendEntry:
        """Why nothing is drawn of a curve."""
        if self._awaited.intersection(line.keys):
            return LegendEntry(line, "", faint=True, note="reading …")
        if self.is_absent(line):
            return LegendEntry(line, "", faint=True, note=f"without {line.metric}")
        reasons = [self._failures[key] for key in line.keys if key in self._failures]
        return LegendEntry(line, "", faint=True, note=reasons[0] if reasons else "not read", failed=bool(reasons))

    def _show_state(self) -> None:
        hidden = sum(map(self.is_hidden, self.lines))
        said = state(None if self.has_bars else self.options, len(self._awaited), len(self._failures), hidden)
        if not self.has_bars:
            said = "   ".join(filter(None, (said, count_absent(self._absent_keys))))
        text = Content.styled(display(said), "$text-muted")
        if any(info.status == Status.RUNNING for info in self.spec.infos):
            text += Content("   ") + render_live(live=self.live, is_reachable=not self.failure)
        if self.failure:
            text += Content.styled(f"   {display(self.failure)}", "$error")
        self._state.line = text


def state(options: ChartOptions | None, awaited: int, failed: int, hidden: int) -> str:
    """Return how curves are drawn, or that there are bars (no look), and how many of them are not drawn."""
    parts = _look_parts(options) if options else ["single values, the best first"]
    if awaited:
        parts.append(f"reading {awaited:,} …")
    if failed:
        parts.append(f"{failed:,} cannot be read")
    if hidden:
        parts.append(f"{hidden:,} hidden")
    return "   ".join(parts)


def _look_parts(options: ChartOptions) -> list[str]:
    """Return what is not as it usually is."""
    flags = (
        (options.log_y, "log"),
        (options.log_x, "log x"),
        (options.clip_outliers, "outliers outside"),
        (options.normalised, "normalised"),
        (options.mark_extremes, "extremes"),
    )
    smoothing = [f"smoothed {options.smoothing:g}"] if options.smoothing else []
    return [f"by {options.x_axis.value}", *smoothing, *(text for flag, text in flags if flag)]
