"""The pane of a large chart: the chart, its legend, and the commands that change how curves are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widgets import Static

from qtui.entities import Status
from qtui.plot.axes.plot_area import PlotArea
from qtui.plot.curves.band import BandSpread
from qtui.plot.curves.chart_options import AUTOMATIC, ChartOptions
from qtui.plot.curves.readout import snap_to_point
from qtui.text import display, truncate
from qtui.tui.commands import chart_zoom, charts
from qtui.tui.messages import CopyText
from qtui.tui.polling import DelayedCall
from qtui.tui.present.charts.chart_legend import place_legend
from qtui.tui.present.charts.chart_spec import ChartLine, ChartSpec
from qtui.tui.widgets.chart_pane.chart_model import ChartModel
from qtui.tui.widgets.chart_pane.legend import ChartLegend
from qtui.tui.widgets.chart_pane.requests import ask_export_kind, ask_limits, ask_metrics, ask_x_metric, export_message
from qtui.tui.widgets.metric_chart import MetricChart
from qtui.tui.widgets.pane import Pane
from qtui.tui.widgets.row_list import RowList
from qtui.tui.widgets.status_line import render_live

DRAW_INTERVAL_S = 0.05
"""The pause between two drawings while curves arrive."""

FIRST_DRAW_S = 0.001
"""The pause before the first drawing."""


class ChartPane(Pane):
    """Shows the curves of a `ChartModel` with their legend, or bars if every curve has a single point."""

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
        charts.CursorLeft,
        charts.CursorRight,
        chart_zoom.ZoomIn,
        charts.LogarithmicYAxis,
        charts.SmoothMore,
        charts.SwitchXAxis,
        charts.ChooseXMetric,
        charts.ChooseMetrics,
        charts.HideCurve,
        charts.ExportChart,
        chart_zoom.ZoomOut,
        chart_zoom.PanLeft,
        chart_zoom.PanRight,
        chart_zoom.ZoomValuesIn,
        chart_zoom.ZoomValuesOut,
        chart_zoom.PanUp,
        chart_zoom.PanDown,
        chart_zoom.ResetZoom,
        chart_zoom.SetAxisLimits,
        charts.CursorFarLeft,
        charts.CursorFarRight,
        charts.PreviousPoint,
        charts.NextPoint,
        charts.FirstPoint,
        charts.LastPoint,
        charts.PreviousCurve,
        charts.NextCurve,
        charts.HighlightCurve,
        charts.ToggleRightAxis,
        charts.SmoothLess,
        charts.LogarithmicXAxis,
        charts.ClipOutliers,
        charts.Normalise,
        charts.MarkExtremes,
        charts.SwitchSpread,
        charts.ShowMembers,
        charts.PreviousMetric,
        charts.NextMetric,
        charts.SortLines,
        charts.ToggleLegend,
        charts.CopyCurveRun,
        charts.CopyCurveValue,
    )

    live: var[bool] = var(True, init=False)
    """Whether new points of running runs are loaded."""

    failure: var[str] = var("", init=False)
    """Why the last check for new points failed."""

    class MissingCurves(Message):
        """The visible curves have changed; missing ones must be loaded."""

    def __init__(self, model: ChartModel) -> None:
        super().__init__()
        self.model = model

        self.chart_widget = MetricChart()
        self.chart_widget.can_focus = True
        self.legend = ChartLegend(lambda line: model.legend_entry(line, self.selected))
        self._state_line = Static()
        self._legend_size: tuple[int | str, int | str] | None = None
        self._delayed_redraw = DelayedCall(self.set_timer, self.redraw)

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
        super().show_title(detail or self.model.spec.title())

    def watch_live(self) -> None:
        """Show whether curves are live."""
        self._show_state()

    def watch_failure(self) -> None:
        """Show the failure, or nothing."""
        self._show_state()

    def on_resize(self) -> None:
        """Fit the legend to the new size."""
        self._show_legend()

    # State for commands

    @property
    def options(self) -> ChartOptions:
        """The options of the chart."""
        return self.model.options

    @property
    def selected(self) -> ChartLine | None:
        """The line under the cursor of the legend."""
        return self.legend.current

    @property
    def area(self) -> PlotArea | None:
        """The plot area on the screen; None if no curve is drawn."""
        return self.chart_widget.area

    @property
    def has_points(self) -> bool:
        """Whether a curve is drawn."""
        return self.area is not None

    # Drawing

    @property
    def has_pending_draw(self) -> bool:
        """Whether something has arrived that is not drawn yet."""
        return self._delayed_redraw.is_pending

    @property
    def is_waiting(self) -> bool:
        """Whether curves are being loaded, or are not drawn yet."""
        return self.has_pending_draw or bool(self.model.curve_set.requested)

    def draw_soon(self) -> None:
        """Draw after a pause, so that many curves that arrive together are drawn once."""
        self._delayed_redraw.request(DRAW_INTERVAL_S if self.model.curve_set.curves else FIRST_DRAW_S)

    def show_lines(self) -> None:
        """Show the lines of the current spec."""
        self.show_title()
        self.redraw()

    def redraw(self) -> None:
        """Derive all curves again and draw them."""
        self.model.shape()
        self.show()

    def show(self) -> None:
        """Draw the curves with the current limits and cursor."""
        self.show_cursor()
        self._show_state()
        self.refresh_bindings()

    def show_cursor(self) -> None:
        """Draw the chart and the legend with the current cursor."""
        had_bars, has_bars = self.has_class("-bars"), self.model.has_bars
        self.set_class(has_bars, "-bars")
        self._show_legend()
        if has_bars and not had_bars:
            self.legend.table.cursor = 0
        self.chart_widget.bars = self.model.bars(self.selected)
        self.chart_widget.chart = self.model.chart(self.selected)

    def set_options(self, options: ChartOptions) -> None:
        """Draw the curves with other options."""
        self.model.options = options
        self.redraw()

    def _show_legend(self) -> None:
        """Show, place and size the legend; another size lays out the screen again."""
        lines = self.model.legend_lines()
        place = place_legend(self.model.legend_columns(), len(self.model.curve_set.lines), *self.size)
        self.set_class(place.is_beside, "-beside")
        if (place.width, place.height) != self._legend_size:
            self._legend_size = place.width, place.height
            self.legend.styles.width, self.legend.styles.height = place.width, place.height
        self.legend.show(lines, place.columns)

    def _show_state(self) -> None:
        content = Content.styled(display(self.model.describe()), "$text-muted")
        if any(run.status == Status.RUNNING for run in self.model.spec.infos):
            content += Content("   ") + render_live(live=self.live, is_reachable=not self.failure)
        if self.failure:
            content += Content.styled(f"   {display(self.failure)}", "$error")
        self._state_line.update(content, layout=False)

    @on(RowList.RowHighlighted)
    def _show_selection(self, event: RowList.RowHighlighted) -> None:
        event.stop()
        self.show()

    @on(RowList.RowSelected)
    def _toggle_clicked(self, event: RowList.RowSelected) -> None:
        event.stop()
        self.action_hide_curve()

    # Cursor

    def action_first_point(self) -> None:
        if self.area is not None:
            self._put_cursor(snap_to_point(self.model.curve_set.curves, self.area.x.low))

    def action_last_point(self) -> None:
        if self.area is not None:
            self._put_cursor(snap_to_point(self.model.curve_set.curves, self.area.x.high))

    def move_by_cells(self, cells: int) -> None:
        """Move the cursor by cells, to a point."""
        if self.area is not None:
            self._put_cursor(self.model.x_by_cells(self.area, cells))

    def move_by_points(self, points: int) -> None:
        """Move the cursor to the next point of the selected curve, or with a negative number to the previous one."""
        x = self.model.x_by_points(self.area, self.selected, points) if self.area else None
        if x is not None:
            self._put_cursor(x)

    def _put_cursor(self, x: float) -> None:
        if self.model.put_cursor(x, self.area):
            self.show()
        else:
            self.show_cursor()

    @on(MetricChart.Hovered)
    def _follow_pointer(self, event: MetricChart.Hovered) -> None:
        event.stop()
        x = snap_to_point(self.model.curve_set.curves, event.x)
        if x != self.model.cursor:
            self.model.cursor = x
            self.show_cursor()

    # Zoom and pan

    def action_reset_zoom(self) -> None:
        """Let all axes follow the curves."""
        self.model.reset_zoom()
        self.show()

    def zoom_at_cursor(self, factor: float) -> None:
        """Zoom the x-axis around the cursor."""
        self._zoom_x(factor, self.model.cursor)

    def _zoom_x(self, factor: float, x: float | None) -> None:
        if self.area is not None:
            self.model.zoom_x(self.area, factor, x)
            self.show()

    def zoom_y(self, factor: float, row: int | None = None) -> None:
        """Zoom the y-axes around a row, or around the selected curve at the cursor."""
        if self.area is not None:
            self.model.zoom_y(self.area, factor, self.selected, row)
            self.show()

    def pan_x(self, share: float) -> None:
        """Pan along the x-axis by a share of what is visible."""
        if self.area is not None:
            self.model.pan_x(self.area, share)
            self.show()

    def pan_y(self, share: float) -> None:
        """Pan along the y-axes by a share of what is visible."""
        if self.area is not None:
            self.model.pan_y(self.area, share, self.selected)
            self.show()

    @on(MetricChart.XAxisZoomed)
    def _zoom_at_pointer(self, event: MetricChart.XAxisZoomed) -> None:
        event.stop()
        self._zoom_x(event.factor, event.x)

    @on(MetricChart.YAxisZoomed)
    def _zoom_values_at_pointer(self, event: MetricChart.YAxisZoomed) -> None:
        event.stop()
        self.zoom_y(event.factor, event.row)

    @on(MetricChart.Dragged)
    def _drag(self, event: MetricChart.Dragged) -> None:
        event.stop()
        if event.x_share:
            self.pan_x(-event.x_share)
        if event.y_share:
            self.pan_y(event.y_share)

    def action_set_axis_limits(self) -> None:
        self.post_message(ask_limits(self.model, self.set_options))

    # Options

    def toggle_option(self, name: str) -> None:
        """Switch an option on or off."""
        self.set_options(self.options.with_toggled(name))

    def smooth(self, steps: int) -> None:
        """Smooth more, or with a negative number less."""
        self.set_options(self.options.with_smoothing_step(steps))

    def action_switch_x_axis(self) -> None:
        """Switch to the next x-axis: steps, time or relative time; the cursor stays at its point."""
        self.model.switch_x_axis(self.selected)
        self.show()

    def action_choose_x_metric(self) -> None:
        self.post_message(ask_x_metric(self.model, self._draw_along))

    def _draw_along(self, metric: str) -> None:
        self.model.cursor = None
        self.set_options(self.options.with_x_metric(metric))
        self.post_message(self.MissingCurves())

    def action_normalise(self) -> None:
        options = replace(self.options, normalised=not self.options.normalised)
        self.set_options(replace(options, y_limits=AUTOMATIC, y_right_limits=AUTOMATIC))

    def action_switch_spread(self) -> None:
        """Switch the bands to the next kind: deviation, quartiles, interval of the mean, range."""
        spreads = tuple(BandSpread)
        other = spreads[(spreads.index(self.options.band_spread) + 1) % len(spreads)]
        self.set_options(replace(self.options, band_spread=other))

    def action_toggle_right_axis(self) -> None:
        """Move the selected metric to the other y-axis."""
        if self.selected is not None:
            self.set_options(self.options.with_right_metric_toggled(self.selected.metric))

    # Lines and metrics

    def action_hide_curve(self) -> None:
        """Hide the selected line or show it; its curves are loaded if necessary."""
        if self.selected is not None:
            self.model.curve_set.toggle(self.selected)
            self.redraw()
            self.post_message(self.MissingCurves())

    def action_highlight_curve(self) -> None:
        self.model.is_highlighting = not self.model.is_highlighting
        self.show()

    def action_sort_lines(self) -> None:
        """Sort the lines of the legend by their value, or show them in the order of the runs."""
        self.model.options = replace(self.options, sort_lines=not self.options.sort_lines)
        self.show()

    def action_toggle_legend(self) -> None:
        self.toggle_class("-bare")

    def action_choose_metrics(self) -> None:
        self.post_message(ask_metrics(self.model, self.draw_metrics))

    def draw_neighbour_metric(self, steps: int) -> None:
        """Draw the metric this many steps after the present one."""
        self.draw_metrics((self.model.neighbour_metric(steps),))

    def draw_spec(self, spec: ChartSpec) -> None:
        """Draw other runs or groups; curves that are loaded stay."""
        self.model.curve_set.show(spec)
        self._draw_missing()

    def draw_metrics(self, metrics: Sequence[str]) -> None:
        """Draw other metrics of the same runs, with the same x-limits."""
        self.model.show_metrics(metrics)
        self._draw_missing()

    def _draw_missing(self) -> None:
        """Draw the lines of another spec, and request their missing curves."""
        self.show_lines()
        self.post_message(self.MissingCurves().set_sender(self))

    # Export

    def action_export_chart(self) -> None:
        size = self.chart_widget.cached_size
        self.post_message(ask_export_kind(lambda kind: self.post_message(export_message(self.model, kind, *size))))

    def action_copy_curve_run(self) -> None:
        if self.selected is not None:
            self.post_message(CopyText(self.selected.owner_id, "the run ID"))

    def action_copy_curve_value(self) -> None:
        readout = self.model.curve_set.readout(self.selected, self.model.cursor) if self.selected else None
        if readout is not None:
            self.post_message(CopyText(repr(readout.value), truncate(display(readout.name), 30)))
