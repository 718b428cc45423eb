"""The pane of a large chart: the chart, its legend, and the commands that change how curves are drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.timer import Timer
from textual.widgets import Static

from qtui.entities import History, Status
from qtui.errors import UsageError
from qtui.formatting import now_ms
from qtui.plot.band import BandSpread
from qtui.plot.bar_export import bars_csv, bars_svg
from qtui.plot.chart import Chart
from qtui.plot.chart_options import AUTOMATIC, ChartOptions, build_chart
from qtui.plot.csv_export import chart_csv
from qtui.plot.drawing import draw_chart
from qtui.plot.figures import Bar, BarChart, draw_bars
from qtui.plot.glyphs import ASCII, BRAILLE, Glyphs
from qtui.plot.limits import AxisLimits, x_limits
from qtui.plot.limits_text import format_limits, parse_limits
from qtui.plot.readout import move_cursor, nearest_index, next_point, snap_to_point
from qtui.plot.scale import LINEAR
from qtui.plot.series import Curve, XAxis
from qtui.plot.svg_export import chart_svg
from qtui.plot.viewport import follow_end
from qtui.text import display, truncate
from qtui.tui.commands.chart_zoom import (
    PanDown,
    PanLeft,
    PanRight,
    PanUp,
    ResetZoom,
    SetAxisLimits,
    ZoomIn,
    ZoomOut,
    ZoomValuesIn,
    ZoomValuesOut,
)
from qtui.tui.commands.charts import (
    ChooseMetrics,
    ChooseXMetric,
    ClipOutliers,
    CopyCurveRun,
    CopyCurveValue,
    CursorFarLeft,
    CursorFarRight,
    CursorLeft,
    CursorRight,
    ExportChart,
    FirstPoint,
    HideCurve,
    HighlightCurve,
    LastPoint,
    LogarithmicXAxis,
    LogarithmicYAxis,
    MarkExtremes,
    NextCurve,
    NextMetric,
    NextPoint,
    Normalise,
    PreviousCurve,
    PreviousMetric,
    PreviousPoint,
    ShowMembers,
    SmoothLess,
    SmoothMore,
    SortLines,
    SwitchSpread,
    SwitchXAxis,
    ToggleLegend,
    ToggleRightAxis,
)
from qtui.tui.messages import AskText, ChooseOne, ChooseSeveral, CopyText, SaveFile
from qtui.tui.present.chart_legend import LegendColumns, LegendEntry, LegendScope, fit_legend, legend_columns
from qtui.tui.present.chart_spec import ChartLine, ChartSpec, CurveKey
from qtui.tui.present.choices import Choice
from qtui.tui.present.ranked_bars import count_absent, rank_lines, ranked_bars
from qtui.tui.widgets.chart_pane import navigation
from qtui.tui.widgets.chart_pane.curve_set import CurveSet, mark_of
from qtui.tui.widgets.chart_pane.legend import ChartLegend
from qtui.tui.widgets.metric_chart import MetricChart
from qtui.tui.widgets.pane import Pane
from qtui.tui.widgets.row_list import RowList
from qtui.tui.widgets.status_line import render_live

DRAW_INTERVAL_S = 0.05
"""The pause between two drawings while curves arrive."""

FIRST_DRAW_S = 0.001
"""The pause before the first drawing."""

ZOOM_STEP = 1.5
"""The factor of a zoom by key."""

PAN_STEP = 0.25
"""The share of the visible range that a key pans by."""

LONG_STEP_CELLS = 10

ALWAYS_BESIDE_WIDTH, BESIDE_WIDTH = 180, 110
"""The widths from which the legend is beside the chart: always, and if it would be too high below it."""

BESIDE_SHARE, BELOW_SHARE = 0.42, 0.3
"""The maximum share of the width or height that the legend takes."""

X_AXES = tuple(XAxis)
BAND_TEXTS: Mapping[BandSpread, str] = {
    BandSpread.DEVIATION: "mean ± std",
    BandSpread.QUARTILES: "median and quartiles",
    BandSpread.INTERVAL: "95 % interval of the mean",
    BandSpread.RANGE: "min to max",
}
"""The texts of the bands in the line of the state."""
TEXT = "text"
EXPORT_CHOICES = (
    Choice(TEXT, "Copy as text", note="into the clipboard of the terminal"),
    Choice("svg", "Save as SVG", note="a drawing for documents and the web"),
    Choice("csv", "Save as CSV", note="the visible points"),
)
CHART_EXPORTS: Mapping[str, Callable[[Chart], str]] = {"svg": chart_svg, "csv": chart_csv}
BAR_EXPORTS: Mapping[str, Callable[[BarChart], str]] = {"svg": bars_svg, "csv": bars_csv}


class ChartPane(Pane):
    """Shows the curves of a `CurveSet` with their legend, or bars if every curve has a single point."""

    DEFAULT_CSS = """
    ChartPane {
        & > Static { height: 1; }
        & > #body { height: 1fr; layout: vertical; }
        & > #body > ChartLegend { height: auto; margin-top: 1; }
        &.-beside > #body { layout: horizontal; }
        &.-beside > #body > ChartLegend { height: 1fr; margin-top: 0; margin-left: 2; }
        &.-bare > #body > ChartLegend, &.-bars > #body > ChartLegend { display: none; }
    }
    """

    HEADING = "Chart"
    OWN_COMMANDS = (
        CursorLeft,
        CursorRight,
        ZoomIn,
        LogarithmicYAxis,
        SmoothMore,
        SwitchXAxis,
        ChooseXMetric,
        ChooseMetrics,
        HideCurve,
        ExportChart,
        ZoomOut,
        PanLeft,
        PanRight,
        ZoomValuesIn,
        ZoomValuesOut,
        PanUp,
        PanDown,
        ResetZoom,
        SetAxisLimits,
        CursorFarLeft,
        CursorFarRight,
        PreviousPoint,
        NextPoint,
        FirstPoint,
        LastPoint,
        PreviousCurve,
        NextCurve,
        HighlightCurve,
        ToggleRightAxis,
        SmoothLess,
        LogarithmicXAxis,
        ClipOutliers,
        Normalise,
        MarkExtremes,
        SwitchSpread,
        ShowMembers,
        PreviousMetric,
        NextMetric,
        SortLines,
        ToggleLegend,
        CopyCurveRun,
        CopyCurveValue,
    )

    live: var[bool] = var(True, init=False)
    """Whether new points of running runs are loaded."""

    failure: var[str] = var("", init=False)
    """Why the last check for new points failed."""

    class MissingCurves(Message):
        """The visible curves have changed; missing ones must be loaded."""

    def __init__(self, spec: ChartSpec, glyphs: Glyphs = BRAILLE) -> None:
        super().__init__()
        self.curve_set = CurveSet(spec)
        self.options = ChartOptions()
        self.cursor: float | None = None
        """The x value of the cursor."""
        self.glyphs = glyphs
        self.is_highlighting = False
        """Whether all curves but the selected one are dim."""
        self.has_bars = False
        """Whether bars are shown instead of curves and legend."""
        self.chart_widget = MetricChart()
        self.chart_widget.can_focus = True
        self.legend = ChartLegend(self.legend_entry)
        self._state_line = Static()
        self._legend_size: tuple[int | str, int | str] | None = None
        self._draw_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Compose the line of state, the chart and the legend."""
        yield self._state_line
        with Container(id="body"):
            yield self.chart_widget
            yield self.legend

    def on_mount(self) -> None:
        """Show that curves are being loaded."""
        self.show_lines()

    def show_title(self, detail: str = "") -> None:
        """Show the title of the chart."""
        super().show_title(detail or self.spec.title())

    def watch_live(self) -> None:
        """Show whether curves are live."""
        self._show_state()

    def watch_failure(self) -> None:
        """Show the failure, or nothing."""
        self._show_state()

    def on_resize(self) -> None:
        """Fit the legend to the new size."""
        self._show_legend()

    # Histories from the screen

    def expect(self, keys: frozenset[CurveKey]) -> None:
        """Show that these curves, and no others, are being loaded."""
        self.curve_set.requested = keys
        self.draw_soon()

    def add(self, key: CurveKey, history: History, start_time: int | None) -> None:
        """Show a history."""
        self.curve_set.add(key, history, start_time)
        self.draw_soon()

    def add_failure(self, key: CurveKey, reason: str) -> None:
        """Show why a curve could not be loaded."""
        self.curve_set.add_failure(key, reason)
        self.draw_soon()

    def add_absent(self, key: CurveKey) -> None:
        """Show that a run does not have the metric."""
        self.curve_set.add_absent(key)
        self.draw_soon()

    @property
    def is_loading(self) -> bool:
        """Whether curves are being loaded."""
        return bool(self.curve_set.requested)

    @property
    def has_pending_draw(self) -> bool:
        """Whether something has arrived that is not drawn yet."""
        return self._draw_timer is not None

    def draw_soon(self) -> None:
        """Draw after a pause, so that many curves that arrive together are drawn once."""
        if self._draw_timer is None:
            pause = DRAW_INTERVAL_S if self.curve_set.curves else FIRST_DRAW_S
            self._draw_timer = self.set_timer(pause, self._draw_now)

    def _draw_now(self) -> None:
        self._draw_timer = None
        self.rearrange()

    # State for commands

    @property
    def spec(self) -> ChartSpec:
        """The runs and metrics that are drawn."""
        return self.curve_set.spec

    @property
    def has_points(self) -> bool:
        """Whether a curve is drawn."""
        return self.chart_widget.area is not None

    @property
    def has_line(self) -> bool:
        """Whether the legend has a selected line."""
        return self.legend.current is not None

    @property
    def at_run(self) -> bool:
        """Whether the selected line is a single run."""
        return self.legend.current is not None and not self.legend.current.grouped

    @property
    def has_groups(self) -> bool:
        """Whether groups are drawn as bands."""
        return bool(self.spec.groups)

    @property
    def metric_count(self) -> int:
        """The number of metrics to choose from."""
        return len(self.spec.available_metrics)

    @property
    def is_whole(self) -> bool:
        """Whether the full x range is visible."""
        return self.options.x_limits == AUTOMATIC

    @property
    def sees_all_values(self) -> bool:
        """Whether the y-axes follow the curves."""
        return self.options.y_limits == self.options.y_right_limits == AUTOMATIC

    @property
    def current_curve(self) -> Curve | None:
        """The curve of the selected line, if it is drawn."""
        current = self.legend.current
        return self.curve_set.by_line.get(current) if current else None

    # Drawing

    def show_lines(self) -> None:
        """Show the lines of the current spec."""
        self.show_title()
        self.rearrange()

    def rearrange(self) -> None:
        """Derive all curves again and draw them; limits at the end of the curves follow it."""
        before = self.curve_set.full_range
        self.curve_set.shape(self.options, use_marks=self.app.no_color)
        after = self.curve_set.full_range
        low, high = self.options.x_limits
        if before and after and before != after and low is not None and high is not None:
            self.options = self.options.with_x_limits(follow_end(AxisLimits(low, high), before, after))
        self.show()

    def show(self) -> None:
        """Draw the curves with the current limits and cursor."""
        self.show_cursor()
        self._show_state()
        self.refresh_bindings()

    def show_cursor(self) -> None:
        """Draw the chart and the legend with the current cursor."""
        had_bars, self.has_bars = self.has_bars, self.curve_set.has_single_values
        self.set_class(self.has_bars, "-bars")
        self._show_legend()
        if self.has_bars and not had_bars:
            self.legend.table.cursor = 0
        self.chart_widget.bars = self.bars
        self.chart_widget.chart = self.chart

    def set_options(self, options: ChartOptions) -> None:
        """Draw the curves with other options."""
        self.options = options
        self.rearrange()

    def set_view(self, options: ChartOptions) -> None:
        """Draw the same curves with other limits."""
        self.options = options
        self.show()

    @property
    def chart(self) -> Chart:
        """The chart on the screen; the selected curve is drawn last."""
        curves, bands = self.curve_set.by_line, self.curve_set.bands
        lines = sorted(curves, key=lambda line: line == self.legend.current)
        shown_bands = [bands[line] for line in lines if line in bands and not self._is_dim(line)]
        chart = build_chart([self._curve(line) for line in lines], shown_bands, self.options, self.curve_set.scales)
        members = [curve for line in lines if not self._is_dim(line) for curve in self.curve_set.members.get(line, ())]
        return replace(chart, members=tuple(members), cursor=self.cursor, glyphs=self.glyphs)

    @property
    def bars(self) -> BarChart | None:
        """Ranked bars if every run has a single value, whose chart would be a column of dots."""
        if not self.curve_set.has_single_values:
            return None
        readouts, lines = self.curve_set.readouts(self.cursor), self._bar_lines
        chart = ranked_bars(readouts, self.curve_set.absent, ascii_only=self.glyphs is ASCII)
        without_value = [line for line in lines if line not in readouts]
        bars = (Bar(line.name, None, "muted", self.legend_entry(line).note) for line in without_value)
        current = self.legend.current
        return replace(chart, bars=(*chart.bars, *bars), current=lines.index(current) if current in lines else None)

    @property
    def _bar_lines(self) -> list[ChartLine]:
        """The lines in the order of their bars, hidden and failed ones last."""
        ranked = rank_lines(self.curve_set.readouts(self.cursor))
        others = (line for line in self.curve_set.lines if line not in ranked)
        return [*ranked, *(line for line in others if not self.curve_set.is_absent(line))]

    def _curve(self, line: ChartLine) -> Curve:
        curve = self.curve_set.by_line[line]
        return self.curve_set.cache.dimmed(curve) if self._is_dim(line) else curve

    def _is_dim(self, line: ChartLine) -> bool:
        return self.is_highlighting and line != self.legend.current

    # Legend and state

    def _show_legend(self) -> None:
        scope = LegendScope(
            greatest_step=self.curve_set.greatest_step,
            x_title=self.options.x_title,
            x_unit=self.options.x_unit,
            at_cursor=self.cursor is not None,
            smoothed=bool(self.options.smoothing and self.spec.runs),
            banded=bool(self.curve_set.bands),
        )
        lines = self.curve_set.lines
        is_sorted = self.options.sort_lines
        ordered = self._bar_lines if self.has_bars else self.curve_set.legend_lines(self.cursor, is_sorted=is_sorted)
        self.legend.show(ordered, self._place_legend(legend_columns(self.spec, lines, scope)))

    def _place_legend(self, columns: LegendColumns) -> LegendColumns:
        """Place and size the legend, and return the columns that fit."""
        rows, max_rows = len(self.curve_set.lines) + 1, int(self.size.height * BELOW_SHARE)
        is_beside = self.size.width >= (BESIDE_WIDTH if rows > max_rows else ALWAYS_BESIDE_WIDTH)
        self.set_class(is_beside, "-beside")
        if is_beside:
            fitted = fit_legend(columns, int(self.size.width * BESIDE_SHARE) - 1)
            self._size_legend(fitted.cells + 1, "1fr")
            return fitted
        self._size_legend("1fr", min(rows, max(2, max_rows)))
        return fit_legend(columns, self.size.width - 1)

    def _size_legend(self, width: int | str, height: int | str) -> None:
        """Set the size of the legend if it changes, because that lays out the screen again."""
        if (width, height) != self._legend_size:
            self._legend_size = width, height
            self.legend.styles.width, self.legend.styles.height = width, height

    def legend_entry(self, line: ChartLine) -> LegendEntry:
        """Return the entry of a line in the legend."""
        if self.curve_set.is_hidden(line):
            return LegendEntry(line, "", faint=True, note="hidden")
        curve = self.curve_set.by_line.get(line)
        if curve is None:
            return self._entry_without_curve(line)
        sample = mark_of(line, use_marks=self.app.no_color) or self.glyphs.line
        readout = self.curve_set.readout(line, self.cursor)
        return LegendEntry(line, sample, readout, self._is_dim(line), outside=self._is_outside(curve))

    def _is_outside(self, curve: Curve) -> bool:
        """Return whether the cursor is before the start or after the end of a curve."""
        limits = x_limits([curve], LINEAR)
        return self.cursor is not None and limits is not None and not limits.low <= self.cursor <= limits.high

    def _entry_without_curve(self, line: ChartLine) -> LegendEntry:
        """Return an entry with the reason why a line is not drawn."""
        if self.curve_set.requested.intersection(line.keys):
            return LegendEntry(line, "", faint=True, note="reading …")
        if self.curve_set.is_absent(line):
            return LegendEntry(line, "", faint=True, note=f"without {line.metric}")
        failures = self.curve_set.failures
        reason = next((failures[key] for key in line.keys if key in failures), "")
        return LegendEntry(line, "", faint=True, note=reason or "not read", failed=bool(reason))

    def _show_state(self) -> None:
        curves = self.curve_set
        hidden = sum(map(curves.is_hidden, curves.lines))
        options = None if self.has_bars else self.options
        text = describe_state(options, len(curves.requested), len(curves.failures), hidden)
        if not self.has_bars:
            text = "   ".join(filter(None, (text, count_absent(curves.absent))))
        content = Content.styled(display(text), "$text-muted")
        if any(run.status == Status.RUNNING for run in self.spec.infos):
            content += Content("   ") + render_live(live=self.live, is_reachable=not self.failure)
        if self.failure:
            content += Content.styled(f"   {display(self.failure)}", "$error")
        self._state_line.update(content, layout=False)

    @on(RowList.Highlighted)
    def _show_selection(self, event: RowList.Highlighted) -> None:
        event.stop()
        self.show()

    @on(RowList.Selected)
    def _toggle_clicked(self, event: RowList.Selected) -> None:
        event.stop()
        self.action_hide_curve()

    # Cursor

    def action_cursor_left(self) -> None:
        """Go to the point at the left."""
        self._move(-1)

    def action_cursor_right(self) -> None:
        """Go to the point at the right."""
        self._move(1)

    def action_cursor_far_left(self) -> None:
        """Go ten cells to the left."""
        self._move(-LONG_STEP_CELLS)

    def action_cursor_far_right(self) -> None:
        """Go ten cells to the right."""
        self._move(LONG_STEP_CELLS)

    def action_first_point(self) -> None:
        """Go to the first visible point."""
        if self.chart_widget.area is not None:
            self.put_cursor(snap_to_point(self.curve_set.curves, self.chart_widget.area.x.low))

    def action_last_point(self) -> None:
        """Go to the last visible point."""
        if self.chart_widget.area is not None:
            self.put_cursor(snap_to_point(self.curve_set.curves, self.chart_widget.area.x.high))

    def action_previous_point(self) -> None:
        """Go to the previous point of the selected curve."""
        self._step(-1)

    def action_next_point(self) -> None:
        """Go to the next point of the selected curve."""
        self._step(1)

    def _move(self, cells: int) -> None:
        """Move the cursor by cells, from point to point; without a cursor, put it at the end."""
        area = self.chart_widget.area
        if area is None:
            return
        if self.cursor is None:
            self.action_last_point()
        else:
            self.put_cursor(move_cursor(self.curve_set.curves, area, self.cursor, cells))

    def _step(self, direction: int) -> None:
        if self.cursor is None:
            self.action_last_point()
        elif self.current_curve is not None:
            self.put_cursor(next_point(self.current_curve, self.cursor, direction))

    def put_cursor(self, x: float) -> None:
        """Put the cursor at an x value, and pan as far as it needs to be visible."""
        area, full = self.chart_widget.area, self.curve_set.full_range
        self.cursor = x
        if area is not None and full is not None and not self.is_whole and not area.x.low <= x <= area.x.high:
            self.set_view(navigation.reveal_x(self.options, area, full, x))
        else:
            self.show_cursor()

    @on(MetricChart.Hovered)
    def _follow_pointer(self, event: MetricChart.Hovered) -> None:
        event.stop()
        x = snap_to_point(self.curve_set.curves, event.x)
        if x != self.cursor:
            self.cursor = x
            self.show_cursor()

    # Zoom and pan

    def action_zoom_in(self) -> None:
        """Zoom in."""
        self._zoom_x(ZOOM_STEP, self.cursor)

    def action_zoom_out(self) -> None:
        """Zoom out."""
        self._zoom_x(1 / ZOOM_STEP, self.cursor)

    def action_pan_left(self) -> None:
        """Pan left."""
        self._pan_x(-PAN_STEP)

    def action_pan_right(self) -> None:
        """Pan right."""
        self._pan_x(PAN_STEP)

    def action_zoom_values_in(self) -> None:
        """Zoom the y-axes in."""
        self._zoom_y(ZOOM_STEP)

    def action_zoom_values_out(self) -> None:
        """Zoom the y-axes out."""
        self._zoom_y(1 / ZOOM_STEP)

    def action_pan_up(self) -> None:
        """Pan to higher values."""
        self._pan_y(PAN_STEP)

    def action_pan_down(self) -> None:
        """Pan to lower values."""
        self._pan_y(-PAN_STEP)

    def action_reset_zoom(self) -> None:
        """Let all axes follow the curves."""
        self.set_view(replace(self.options, x_limits=AUTOMATIC, y_limits=AUTOMATIC, y_right_limits=AUTOMATIC))

    def _zoom_x(self, factor: float, x: float | None) -> None:
        area, full = self.chart_widget.area, self.curve_set.full_range
        if area is not None and full is not None:
            self.set_view(navigation.zoom_x(self.options, area, full, x, factor))

    def _pan_x(self, share: float) -> None:
        area, full = self.chart_widget.area, self.curve_set.full_range
        if area is not None and full is not None and not self.is_whole:
            self.set_view(navigation.pan_x(self.options, area, full, share))

    def _zoom_y(self, factor: float, row: int | None = None) -> None:
        """Zoom the y-axes around a row; without one, around the selected curve at the cursor."""
        area = self.chart_widget.area
        if area is not None:
            at_curve = navigation.curve_centre(area, self.current_curve, self.cursor)
            centre = at_curve if row is None else navigation.row_centre(area, row)
            self.set_view(navigation.zoom_y(self.options, self.chart, area, factor, centre))

    def _pan_y(self, share: float) -> None:
        area = self.chart_widget.area
        if area is not None and not self.sees_all_values:
            self.set_view(navigation.pan_y(self.options, self.chart, area, share))

    @on(MetricChart.XAxisZoomed)
    def _zoom_at_pointer(self, event: MetricChart.XAxisZoomed) -> None:
        event.stop()
        self._zoom_x(event.factor, event.x)

    @on(MetricChart.YAxisZoomed)
    def _zoom_values_at_pointer(self, event: MetricChart.YAxisZoomed) -> None:
        event.stop()
        self._zoom_y(event.factor, event.row)

    @on(MetricChart.Dragged)
    def _drag(self, event: MetricChart.Dragged) -> None:
        event.stop()
        if event.x_share:
            self._pan_x(-event.x_share)
        if event.y_share:
            self._pan_y(event.y_share)

    def action_set_axis_limits(self) -> None:
        """Ask for the limits of the axes."""

        def parse(text: str) -> ChartOptions:
            return parse_limits(text, self.options, self.curve_set.scales, now_ms())

        def problem(text: str) -> str | None:
            try:
                parse(text)
            except UsageError as error:
                return str(error)
            return None

        self.post_message(
            AskText(
                "Limits",
                value=format_limits(self.options),
                placeholder="x 0:500 y 1e-3:1",
                problem=problem,
                on_answer=lambda text: self.set_options(parse(text)),
            )
        )

    # Options

    def action_logarithmic_y_axis(self) -> None:
        """Switch between logarithmic and linear y-axes."""
        self.set_options(replace(self.options, log_y=not self.options.log_y))

    def action_logarithmic_x_axis(self) -> None:
        """Switch between a logarithmic and a linear x-axis."""
        self.set_options(replace(self.options, log_x=not self.options.log_x))

    def action_smooth_less(self) -> None:
        """Smooth less."""
        self.set_options(self.options.with_smoothing_step(-1))

    def action_smooth_more(self) -> None:
        """Smooth more."""
        self.set_options(self.options.with_smoothing_step(1))

    def action_switch_x_axis(self) -> None:
        """Switch to the next x-axis: steps, time or relative time; the cursor stays at its point."""
        before = self.current_curve
        index = nearest_index(before, self.cursor) if before is not None and self.cursor is not None else None
        self.cursor = None
        following = X_AXES[(X_AXES.index(self.options.x_axis) + 1) % len(X_AXES)]
        self.set_options(self.options.with_x_axis(self.options.x_axis if self.options.x_metric else following))
        after = self.current_curve
        if index is not None and after is not None:
            self.put_cursor(float(after.x[min(index, len(after) - 1)]))

    def action_choose_x_metric(self) -> None:
        """Ask for a metric as the x-axis."""

        def draw(metric: str) -> None:
            self.cursor = None
            self.set_options(self.options.with_x_metric(metric))
            self.post_message(self.MissingCurves())

        choices = [Choice("", f"no metric: {self.options.x_axis.value}")]
        choices += [Choice(metric, metric) for metric in self.spec.available_metrics]
        self.post_message(ChooseOne("X-axis", choices, self.options.x_metric, on_answer=draw))

    def action_clip_outliers(self) -> None:
        """Clip outliers, or show them."""
        self.set_options(replace(self.options, clip_outliers=not self.options.clip_outliers))

    def action_normalise(self) -> None:
        """Scale every curve to 0 to 1, or show its values."""
        options = replace(self.options, normalised=not self.options.normalised)
        self.set_options(replace(options, y_limits=AUTOMATIC, y_right_limits=AUTOMATIC))

    def action_mark_extremes(self) -> None:
        """Mark extremes, or remove the marks."""
        self.set_options(replace(self.options, mark_extremes=not self.options.mark_extremes))

    def action_switch_spread(self) -> None:
        """Switch the bands to the next kind: deviation, quartiles, interval of the mean, range."""
        spreads = tuple(BandSpread)
        other = spreads[(spreads.index(self.options.band_spread) + 1) % len(spreads)]
        self.set_options(replace(self.options, band_spread=other))

    def action_show_members(self) -> None:
        """Draw the curves of the runs of each group behind its mean, or not."""
        self.set_options(replace(self.options, show_members=not self.options.show_members))

    def action_toggle_right_axis(self) -> None:
        """Move the selected metric to the other y-axis."""
        current = self.legend.current
        if current is not None:
            self.set_options(self.options.with_right_metric_toggled(current.metric))

    # Lines and metrics

    def action_next_curve(self) -> None:
        """Select the next line of the legend."""
        self.legend.table.cursor += 1

    def action_previous_curve(self) -> None:
        """Select the previous line of the legend."""
        self.legend.table.cursor -= 1

    def action_hide_curve(self) -> None:
        """Hide the selected line or show it; its curves are loaded if necessary."""
        current = self.legend.current
        if current is not None:
            self.curve_set.toggle(current)
            self.rearrange()
            self.post_message(self.MissingCurves())

    def action_highlight_curve(self) -> None:
        """Highlight the selected curve, or show all alike."""
        self.is_highlighting = not self.is_highlighting
        self.show()

    def action_sort_lines(self) -> None:
        """Sort the lines of the legend by their value, or show them in the order of the runs."""
        self.set_view(replace(self.options, sort_lines=not self.options.sort_lines))

    def action_toggle_legend(self) -> None:
        """Show or hide the legend."""
        self.toggle_class("-bare")

    def action_choose_metrics(self) -> None:
        """Ask for the metrics to draw."""

        def draw(metrics: Sequence[str]) -> None:
            if metrics:
                self.draw_metrics(metrics)

        choices = [Choice(metric, metric) for metric in self.spec.available_metrics]
        self.post_message(ChooseSeveral("Metrics", choices, chosen=self.spec.metrics, on_answer=draw))

    def action_next_metric(self) -> None:
        """Draw the next metric."""
        self._draw_neighbour(1)

    def action_previous_metric(self) -> None:
        """Draw the previous metric."""
        self._draw_neighbour(-1)

    def _draw_neighbour(self, steps: int) -> None:
        """Draw the metric this many steps after the first one, continuing at the other end."""
        metrics, first = self.spec.available_metrics, self.spec.metrics[0]
        index = metrics.index(first) if first in metrics else -1
        self.draw_metrics((metrics[(index + steps) % len(metrics)],))

    def draw_spec(self, spec: ChartSpec) -> None:
        """Draw other runs or groups; curves that are loaded stay."""
        self.curve_set.show(spec)
        self.show_lines()
        self.post_message(self.MissingCurves().set_sender(self))

    def draw_metrics(self, metrics: Sequence[str]) -> None:
        """Draw other metrics of the same runs, with the same x-limits."""
        self.curve_set.show(self.spec.with_metrics(metrics))
        right_metrics = self.options.right_metrics & set(metrics)
        self.options = replace(self.options, y_limits=AUTOMATIC, y_right_limits=AUTOMATIC, right_metrics=right_metrics)
        self.show_lines()
        self.post_message(self.MissingCurves())

    # Export

    @property
    def chart_document(self) -> Chart:
        """The chart to export: with a title and a legend of its own."""
        curves = self.curve_set
        chart = build_chart(curves.curves, tuple(curves.bands.values()), self.options, curves.scales)
        return replace(chart, title=self.spec.title(), legend=True, cursor=self.cursor, glyphs=self.glyphs)

    @property
    def bars_document(self) -> BarChart | None:
        """The bars to export: with a title, without hidden bars and a cursor; None if curves are shown."""
        if not self.curve_set.has_single_values:
            return None
        readouts = self.curve_set.readouts(self.cursor)
        chart = ranked_bars(readouts, self.curve_set.absent, ascii_only=self.glyphs is ASCII)
        return replace(chart, title=self.spec.title())

    def action_export_chart(self) -> None:
        """Ask how to export the chart, and export it."""
        self.post_message(ChooseOne("Export", EXPORT_CHOICES, chosen=TEXT, on_answer=self._export))

    def _export(self, kind: str) -> None:
        if kind == TEXT:
            self.post_message(CopyText(self.as_text(), "the chart"))
            return
        bars = self.bars_document
        make = partial(BAR_EXPORTS[kind], bars) if bars else partial(CHART_EXPORTS[kind], self.chart_document)
        self.post_message(SaveFile(f"Save as {kind.upper()}", self.spec.title(), kind, make, "the chart"))

    def as_text(self) -> str:
        """Return the chart as text in the size of the screen, with a mark for each curve."""
        room, bars = self.chart_widget.cached_size, self.bars_document
        if bars:
            picture = draw_bars(bars, room.width, len(bars.bars) + 2)
        else:
            chart = replace(self.chart_document, use_marks=len(self.curve_set.curves) > 1)
            picture = draw_chart(chart, room.width, room.height)
        return "\n".join(line.rstrip() for line in picture.lines()).rstrip()

    def action_copy_curve_run(self) -> None:
        """Copy the ID of the selected run."""
        if self.legend.current is not None:
            self.post_message(CopyText(self.legend.current.owner_id, "the run id"))

    def action_copy_curve_value(self) -> None:
        """Copy the value of the selected curve."""
        current = self.legend.current
        readout = self.curve_set.readout(current, self.cursor) if current else None
        if readout is not None:
            self.post_message(CopyText(repr(readout.value), truncate(display(readout.name), 30)))


def describe_state(options: ChartOptions | None, loading: int, failed: int, hidden: int) -> str:
    """Return the options that are not the default (None for bars), and the numbers of curves that are not drawn."""
    parts = _changed_options(options) if options else ["single values, the best first"]
    if loading:
        parts.append(f"reading {loading:,} …")
    if failed:
        parts.append(f"{failed:,} cannot be read")
    if hidden:
        parts.append(f"{hidden:,} hidden")
    return "   ".join(parts)


def _changed_options(options: ChartOptions) -> list[str]:
    """Return the x-axis and the options that are not the default."""
    flags = (
        (options.log_y, "log"),
        (options.log_x, "log x"),
        (options.clip_outliers, "outliers clipped"),
        (options.normalised, "normalised"),
        (options.mark_extremes, "extremes"),
        (options.band_spread is not BandSpread.DEVIATION, f"band: {BAND_TEXTS[options.band_spread]}"),
        (options.show_members, "all runs"),
        (options.sort_lines, "lines by value"),
    )
    smoothing = [f"smoothed {options.smoothing:g}"] if options.smoothing else []
    return [f"by {options.x_title}", *smoothing, *(text for flag, text in flags if flag)]
