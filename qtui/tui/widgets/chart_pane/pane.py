"""The pane of a large chart, and what can be done in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual import on, work
from textual.message import Message

from qtui.errors import UsageError
from qtui.formatting import now_ms
from qtui.plot.band import BandSpread
from qtui.plot.chart_options import AUTOMATIC, ChartOptions
from qtui.plot.limits_text import format_limits, parse_limits
from qtui.plot.readout import nearest_index
from qtui.plot.series import XAxis
from qtui.tui.commands.charts import (
    BringOut,
    ChooseMetrics,
    ClipOutliers,
    CopyCurveRun,
    CopyReading,
    CursorFarLeft,
    CursorFarRight,
    CursorLeft,
    CursorRight,
    ExportChart,
    FirstPlace,
    HideCurve,
    LastPlace,
    LogPlaces,
    LogScale,
    MarkExtremes,
    MoveToRight,
    NextCurve,
    NextMetric,
    NextPoint,
    Normalise,
    PreviousCurve,
    PreviousMetric,
    PreviousPoint,
    SmoothLess,
    SmoothMore,
    SwitchPlaces,
    SwitchSpread,
    ToggleLegend,
)
from qtui.tui.commands.views import (
    PanDown,
    PanLeft,
    PanRight,
    PanUp,
    ResetZoom,
    TypeLimits,
    ZoomIn,
    ZoomOut,
    ZoomValuesIn,
    ZoomValuesOut,
)
from qtui.tui.present.choices import Choice
from qtui.tui.screens.multi_choice_dialog import MultiChoiceDialog
from qtui.tui.screens.text_dialog import TextDialog
from qtui.tui.widgets.chart_pane.export import GivingOut
from qtui.tui.widgets.chart_pane.legend import ChartLegend

PLACES = tuple(XAxis)


class ChartPane(GivingOut):
    """Shows curves and does what is asked of them; other metrics it asks for."""

    HEADING = "Chart"
    OWN_COMMANDS = (
        CursorLeft,
        CursorRight,
        ZoomIn,
        LogScale,
        SmoothMore,
        SwitchPlaces,
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
        TypeLimits,
        CursorFarLeft,
        CursorFarRight,
        PreviousPoint,
        NextPoint,
        FirstPlace,
        LastPlace,
        PreviousCurve,
        NextCurve,
        BringOut,
        MoveToRight,
        SmoothLess,
        LogPlaces,
        ClipOutliers,
        Normalise,
        MarkExtremes,
        SwitchSpread,
        PreviousMetric,
        NextMetric,
        ToggleLegend,
        CopyCurveRun,
        CopyReading,
    )

    class CurvesWanted(Message):
        """Others are to be drawn than before: what of them is not there is to be read."""

    # What the commands ask

    @property
    def has_points(self) -> bool:
        """Whether a curve is drawn."""
        return self.chart_widget.area is not None

    @property
    def has_trace(self) -> bool:
        """Whether the legend has a line under its cursor."""
        return self.legend.current is not None

    @property
    def at_run(self) -> bool:
        """Whether that line is a single run."""
        return self.legend.current is not None and not self.legend.current.grouped

    @property
    def has_groups(self) -> bool:
        """Whether groups are drawn as bands."""
        return bool(self.spec.groups)

    @property
    def metrics_offered(self) -> int:
        """How many metrics there are to choose from."""
        return len(self.spec.available_metrics)

    @work
    async def action_type_limits(self) -> None:
        """Let the user type where the axes begin and end."""

        def read(text: str) -> ChartOptions:
            return parse_limits(text, self.options, self.scales, now_ms())

        def complaint(text: str) -> str | None:
            try:
                read(text)
            except UsageError as error:
                return str(error)
            return None

        ask = TextDialog("Limits", value=format_limits(self.options), placeholder="x 0:500 y 1e-3:1", problem=complaint)
        text = await self.app.push_screen_wait(ask)
        if text is not None:
            self.wish(read(text))

    # How curves are wanted

    def wish(self, options: ChartOptions) -> None:
        """Draw everything as it is wanted from now on."""
        self.options = options
        self.rearrange()

    def action_log_scale(self) -> None:
        """Draw values by their magnitude, or evenly."""
        self.wish(replace(self.options, log_y=not self.options.log_y))

    def action_log_places(self) -> None:
        """Draw places by their magnitude, or evenly."""
        self.wish(replace(self.options, log_x=not self.options.log_x))

    def action_smooth_less(self) -> None:
        """Smooth less."""
        self.wish(self.options.with_smoothing_step(-1))

    def action_smooth_more(self) -> None:
        """Smooth more."""
        self.wish(self.options.with_smoothing_step(1))

    def action_switch_places(self) -> None:
        """Draw along the next of steps, time and relative time; the cursor stays on its point."""
        before = self.current_curve
        at = nearest_index(before, self.cursor) if before is not None and self.cursor is not None else None
        self.cursor = None
        self.wish(self.options.with_x_axis(PLACES[(PLACES.index(self.options.x_axis) + 1) % len(PLACES)]))
        after = self.current_curve
        if at is not None and after is not None:
            self.put_cursor(float(after.x[min(at, len(after) - 1)]))

    def action_clip_outliers(self) -> None:
        """Leave outliers outside, or show them."""
        self.wish(replace(self.options, clip_outliers=not self.options.clip_outliers))

    def action_normalise(self) -> None:
        """Draw every curve into 0 to 1, or as it is."""
        self.wish(
            replace(self.options, normalised=not self.options.normalised, y_limits=AUTOMATIC, y_right_limits=AUTOMATIC)
        )

    def action_mark_extremes(self) -> None:
        """Mark extremes, or take the marks off."""
        self.wish(replace(self.options, mark_extremes=not self.options.mark_extremes))

    def action_switch_spread(self) -> None:
        """Let the bands reach over the other of the two."""
        other = BandSpread.RANGE if self.options.band_spread is BandSpread.DEVIATION else BandSpread.DEVIATION
        self.wish(replace(self.options, band_spread=other))

    # Curves and metrics

    def action_next_curve(self) -> None:
        """Go to the next curve of the legend."""
        self.legend.table.cursor += 1

    def action_previous_curve(self) -> None:
        """Go to the curve before in the legend."""
        self.legend.table.cursor -= 1

    @on(ChartLegend.Moved)
    def _follow_legend(self, event: ChartLegend.Moved) -> None:
        event.stop()
        self.show()

    @on(ChartLegend.Clicked)
    def _hide_clicked(self, event: ChartLegend.Clicked) -> None:
        event.stop()
        self.action_hide_curve()

    def action_hide_curve(self) -> None:
        """Hide the curve, or show it again; what was never read is asked for."""
        current = self.legend.current
        if current is not None:
            self.hidden ^= {current.id}
            self.rearrange()
            self.post_message(self.CurvesWanted())

    def action_bring_out(self) -> None:
        """Bring the curve out, or all as before."""
        self.brought_out = not self.brought_out
        self.show()

    def action_move_to_right(self) -> None:
        """Give the metric the axis at the right, or the left one again."""
        current = self.legend.current
        if current is not None:
            self.wish(self.options.with_right_metric_toggled(current.metric))

    def action_toggle_legend(self) -> None:
        """Show or hide the legend."""
        self.toggle_class("-bare")

    @work
    async def action_choose_metrics(self) -> None:
        """Let the user choose the metrics."""
        choices = [Choice(each, each) for each in self.spec.available_metrics]
        chosen = await self.app.push_screen_wait(MultiChoiceDialog("Metrics", choices, chosen=self.spec.metrics))
        if chosen:
            self.draw_metrics(chosen)

    def action_next_metric(self) -> None:
        """Draw the next metric."""
        self._turn(1)

    def action_previous_metric(self) -> None:
        """Draw the metric before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        """Draw the metric so many places after the first one, around the end."""
        available_metrics = self.spec.available_metrics
        place = available_metrics.index(self.spec.metrics[0]) if self.spec.metrics[0] in available_metrics else -1
        self.draw_metrics((available_metrics[(place + by) % len(available_metrics)],))

    def draw_metrics(self, metrics: Sequence[str]) -> None:
        """Draw other metrics of the same runs, along the same places."""
        self.spec = self.spec.with_metrics(metrics)
        self.options = replace(
            self.options,
            y_limits=AUTOMATIC,
            y_right_limits=AUTOMATIC,
            right_metrics=self.options.right_metrics & set(metrics),
        )
        self.show_traces()
        self.post_message(self.CurvesWanted())
