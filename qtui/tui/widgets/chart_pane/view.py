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
from qtui.tui.present.chart_legend import Columns, Entry, Extent, columns_of, fitted
from qtui.tui.present.chart_spec import Charted, CurveKey, Trace
from qtui.tui.present.ranked_bars import count_absent, rank, ranked_bars
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

    def __init__(self, charted: Charted, glyphs: Glyphs = BRAILLE) -> None:
        super().__init__(charted)
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
        super().show_title(more or self.charted.title())

    def watch_live(self) -> None:
        """Say whether curves are followed."""
        self._show_state()

    def watch_failure(self) -> None:
        """Say why nothing was found out, or nothing."""
        self._show_state()

    # What is shown

    def show_traces(self) -> None:
        """Show the lines of what is charted now."""
        self.traces = self.charted.traces()
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
            self.legend.lines.cursor = 0
        self.chart_widget.bars = self.bars
        self.chart_widget.chart = self.chart

    @property
    def chart(self) -> Chart:
        """The chart as it is shown, the current curve over the others; those are faint while it is brought out."""
        current = self.legend.current
        ordered = sorted(self._curves, key=lambda trace: trace == current)
        bands = [self._bands[trace] for trace in ordered if trace in self._bands and not self._is_faint(trace)]
        chart = build_chart([self._coloured(trace) for trace in ordered], bands, self.options, self.scales)
        return replace(chart, cursor=self.cursor, glyphs=self.glyphs)

    @property
    def bars(self) -> BarChart | None:
        """Ranked bars where each run has a single value; a chart along steps would be a column of dots."""
        if not self.has_single_values:
            return None
        chart = ranked_bars(self._readings, self._absent_keys, ascii_only=self.glyphs is ASCII)
        unread = [trace for trace in self._bar_traces if trace not in self._readings]
        bars = (Bar(trace.name, None, "muted", self.entry(trace).note) for trace in unread)
        current = self.legend.current
        place = self._bar_traces.index(current) if current in self._bar_traces else None
        return replace(chart, bars=(*chart.bars, *bars), current=place)

    @property
    def bars_document(self) -> BarChart | None:
        """The bars as they are exported: with a title, and without hidden ones and a cursor."""
        if not self.has_single_values:
            return None
        chart = ranked_bars(self._readings, self._absent_keys, ascii_only=self.glyphs is ASCII)
        return replace(chart, title=self.charted.title())

    @property
    def _readings(self) -> Mapping[Trace, Readout]:
        """What is read of each curve."""
        readings = ((trace, self.reading_of(trace)) for trace in self.traces)
        return {trace: reading for trace, reading in readings if reading is not None}

    @property
    def _bar_traces(self) -> list[Trace]:
        """The lines in the order of their bars, hidden and failed ones last."""
        ranked = rank(self._readings)
        return [*ranked, *(trace for trace in self.traces if trace not in ranked and not self.is_absent(trace))]

    @property
    def _absent_keys(self) -> list[CurveKey]:
        return [key for key in self.wanted if key in self._lacking]

    @property
    def document(self) -> Chart:
        """The chart as it is given out: with a title and a legend of its own."""
        chart = build_chart(self.curves, tuple(self._bands.values()), self.options, self.scales)
        return replace(chart, title=self.charted.title(), legend=True, cursor=self.cursor, glyphs=self.glyphs)

    def _coloured(self, trace: Trace) -> Curve:
        curve = self._curves[trace]
        return self._shapes.dimmed(curve) if self._is_faint(trace) else curve

    def _is_faint(self, trace: Trace) -> bool:
        return self.brought_out and trace != self.legend.current

    # The legend and what is said above

    def _show_legend(self) -> None:
        extent = Extent(
            greatest_step=max((int(each.steps.max()) for each in self._series.values() if len(each)), default=0),
            x_axis=self.options.x_axis,
            at_cursor=self.cursor is not None,
            smoothed=bool(self.options.smoothing and self.charted.runs),
            banded=bool(self._bands),
        )
        ordered = self._bar_traces if self.has_bars else sorted(self.traces, key=self.is_absent)
        self.legend.show(ordered, self._make_room(columns_of(self.charted, self.traces, extent)))

    def _make_room(self, columns: Columns) -> Columns:
        """Give the legend its place and its size, and the columns that fit into it."""
        lines, most = len(self.traces) + 1, int(self.size.height * BELOW_SHARE)
        beside = self.size.width >= (BESIDE if lines > most else ALWAYS_BESIDE)
        self.set_class(beside, "-beside")
        if beside:
            found = fitted(columns, int(self.size.width * BESIDE_SHARE) - 1)
            self._size_legend(found.cells + 1, "1fr")
            return found
        self._size_legend("1fr", min(lines, max(2, most)))
        return fitted(columns, self.size.width - 1)

    def _size_legend(self, width: int | str, height: int | str) -> None:
        """Size it, but only when that changes something: sizes cost a layout of the screen."""
        if (width, height) != self._legend_size:
            self._legend_size = width, height
            self.legend.styles.width, self.legend.styles.height = width, height

    def on_resize(self) -> None:
        """Arrange for the new size."""
        self._show_legend()

    def entry(self, trace: Trace) -> Entry:
        """What the legend says of a curve."""
        sample = self.mark_of(trace) or self.glyphs.line
        faint = self._is_faint(trace)
        if self.is_hidden(trace):
            return Entry(trace, "", faint=True, note="hidden")
        curve = self._curves.get(trace)
        if curve is None:
            return self._absent(trace)
        return Entry(trace, sample, self.reading_of(trace), faint, beside=self._is_beside(curve))

    def _is_beside(self, curve: Curve) -> bool:
        """Whether a curve begins or ends before the cursor."""
        reach = x_limits([curve], LINEAR)
        return self.cursor is not None and reach is not None and not reach.low <= self.cursor <= reach.high

    def _absent(self, trace: Trace) -> Entry:
        """Why nothing is drawn of a curve."""
        if self._awaited.intersection(trace.keys):
            return Entry(trace, "", faint=True, note="reading …")
        if self.is_absent(trace):
            return Entry(trace, "", faint=True, note=f"without {trace.metric}")
        reasons = [self._failures[key] for key in trace.keys if key in self._failures]
        return Entry(trace, "", faint=True, note=reasons[0] if reasons else "not read", failed=bool(reasons))

    def _show_state(self) -> None:
        hidden = sum(map(self.is_hidden, self.traces))
        said = state(None if self.has_bars else self.options, len(self._awaited), len(self._failures), hidden)
        if not self.has_bars:
            said = "   ".join(filter(None, (said, count_absent(self._absent_keys))))
        line = Content.styled(display(said), "$text-muted")
        if any(info.status == Status.RUNNING for info in self.charted.infos):
            line += Content("   ") + render_live(live=self.live, is_reachable=not self.failure)
        if self.failure:
            line += Content.styled(f"   {display(self.failure)}", "$error")
        self._state.line = line


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
