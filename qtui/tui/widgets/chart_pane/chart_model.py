"""The state of a large chart, without a widget: curves, options and cursor, and the chart or bars that follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qtui.plot.axes.limits import AxisLimits, x_limits
from qtui.plot.axes.plot_area import PlotArea
from qtui.plot.charts.bar_chart import Bar, BarChart, draw_bars
from qtui.plot.curves.chart import Chart
from qtui.plot.curves.chart_options import AUTOMATIC, ChartOptions, build_chart
from qtui.plot.curves.drawing import draw_chart
from qtui.plot.curves.readout import move_cursor, nearest_index, next_point, snap_to_point
from qtui.plot.curves.viewport import follow_end
from qtui.plot.glyphs import ASCII, Glyphs
from qtui.plot.scale import LINEAR
from qtui.plot.series import Curve, XAxis
from qtui.tui.present.charts.chart_legend import LegendColumns, LegendEntry, LegendScope, legend_columns
from qtui.tui.present.charts.chart_spec import ChartLine, ChartSpec
from qtui.tui.present.charts.chart_state import describe_state
from qtui.tui.present.charts.ranked_bars import count_absent, rank_lines, ranked_bars
from qtui.tui.widgets.chart_pane import navigation
from qtui.tui.widgets.chart_pane.curve_set import CurveSet, mark_of

X_AXES = tuple(XAxis)


class ChartModel:
    """The curves of a chart with their options and cursor.

    `selected` is the line under the cursor of the legend, and `area` the plot area on the screen.
    """

    def __init__(self, spec: ChartSpec, options: ChartOptions, glyphs: Glyphs, *, use_marks: bool = False) -> None:
        """`use_marks` gives every curve its mark, for terminals without colours."""
        self.curve_set = CurveSet(spec)
        self.options = options
        self.cursor: float | None = None
        """The x value of the cursor."""
        self.is_highlighting = False
        """Whether all curves but the selected one are dim."""
        self.glyphs = glyphs
        self._use_marks = use_marks

    @property
    def spec(self) -> ChartSpec:
        """The runs and metrics that are drawn."""
        return self.curve_set.spec

    # Curves

    def shape(self) -> None:
        """Derive all curves again; limits at the end of the curves follow it."""
        before = self.curve_set.full_range
        self.curve_set.shape(self.options, use_marks=self._use_marks)
        after = self.curve_set.full_range
        low, high = self.options.x_limits
        if before and after and before != after and low is not None and high is not None:
            self.options = self.options.with_x_limits(follow_end(AxisLimits(low, high), before, after))

    def show_metrics(self, metrics: Sequence[str]) -> None:
        """Show other metrics of the same runs, with the same x-limits."""
        self.curve_set.show(self.spec.with_metrics(metrics))
        right_metrics = self.options.right_metrics & set(metrics)
        self.options = replace(self.options, y_limits=AUTOMATIC, y_right_limits=AUTOMATIC, right_metrics=right_metrics)

    def neighbour_metric(self, steps: int) -> str:
        """Return the metric this many steps after the first one, continuing at the other end."""
        metrics, first = self.spec.available_metrics, self.spec.metrics[0]
        index = metrics.index(first) if first in metrics else -1
        return metrics[(index + steps) % len(metrics)]

    def curve_of(self, selected: ChartLine | None) -> Curve | None:
        """Return the curve of the selected line, if it is drawn."""
        return self.curve_set.by_line.get(selected) if selected else None

    @property
    def has_bars(self) -> bool:
        """Whether bars are drawn, because every run has a single value."""
        return self.curve_set.has_single_values

    @property
    def has_groups(self) -> bool:
        """Whether groups are drawn as bands."""
        return bool(self.spec.groups)

    @property
    def metric_count(self) -> int:
        """The number of metrics to choose from."""
        return len(self.spec.available_metrics)

    def describe(self) -> str:
        """Return the options that are not the default, and the numbers of curves that are not drawn."""
        curves = self.curve_set
        hidden = sum(map(curves.is_hidden, curves.lines))
        options = None if self.has_bars else self.options
        text = describe_state(options, len(curves.requested), len(curves.failures), hidden)
        return text if self.has_bars else "   ".join(filter(None, (text, count_absent(curves.absent))))

    # Chart and bars

    def chart(self, selected: ChartLine | None) -> Chart:
        """Return the chart for the screen; the selected curve is drawn last."""
        curves, bands = self.curve_set.by_line, self.curve_set.bands
        lines = sorted(curves, key=lambda line: line == selected)
        dim = {line for line in lines if self._is_dim(line, selected)}
        bright = [line for line in lines if line not in dim]
        shapes = [self.curve_set.cache.dim(curves[line]) if line in dim else curves[line] for line in lines]
        chart = build_chart(
            shapes, [bands[line] for line in bright if line in bands], self.options, self.curve_set.scales
        )
        members = [curve for line in bright for curve in self.curve_set.members.get(line, ())]
        return replace(chart, members=tuple(members), cursor=self.cursor, glyphs=self.glyphs)

    def bars(self, selected: ChartLine | None) -> BarChart | None:
        """Return ranked bars if every run has a single value, whose chart would be a column of dots."""
        chart = self._ranked_bars()
        if chart is None:
            return None
        readouts, lines = self.curve_set.readouts(self.cursor), self._bar_lines()
        without_value = [line for line in lines if line not in readouts]
        bars = (Bar(line.name, None, "muted", self.legend_entry(line, selected).note) for line in without_value)
        return replace(chart, bars=(*chart.bars, *bars), current=lines.index(selected) if selected in lines else None)

    def _ranked_bars(self) -> BarChart | None:
        if not self.has_bars:
            return None
        readouts = self.curve_set.readouts(self.cursor)
        return ranked_bars(readouts, self.curve_set.absent, ascii_only=self.glyphs is ASCII)

    def _bar_lines(self) -> list[ChartLine]:
        """Return the lines in the order of their bars, hidden and failed ones last."""
        ranked = rank_lines(self.curve_set.readouts(self.cursor))
        others = (line for line in self.curve_set.lines if line not in ranked)
        return [*ranked, *(line for line in others if not self.curve_set.is_absent(line))]

    def _is_dim(self, line: ChartLine, selected: ChartLine | None) -> bool:
        return self.is_highlighting and line != selected

    # Legend

    def legend_lines(self) -> list[ChartLine]:
        """Return the lines in the order of the legend, which is that of the bars if there are any."""
        if self.has_bars:
            return self._bar_lines()
        return self.curve_set.legend_lines(self.cursor, is_sorted=self.options.sort_lines)

    def legend_columns(self) -> LegendColumns:
        """Return all columns that apply to the lines."""
        scope = LegendScope(
            greatest_step=self.curve_set.greatest_step,
            x_title=self.options.x_title,
            x_unit=self.options.x_unit,
            is_at_cursor=self.cursor is not None,
            is_smoothed=bool(self.options.smoothing and self.spec.runs),
            has_bands=bool(self.curve_set.bands),
        )
        return legend_columns(self.spec, self.curve_set.lines, scope)

    def legend_entry(self, line: ChartLine, selected: ChartLine | None) -> LegendEntry:
        """Return the entry of a line in the legend."""
        if self.curve_set.is_hidden(line):
            return LegendEntry(line, "", is_faint=True, note="hidden")
        curve = self.curve_set.by_line.get(line)
        if curve is None:
            return self._entry_without_curve(line)
        sample = mark_of(line, use_marks=self._use_marks) or self.glyphs.line
        readout = self.curve_set.readout(line, self.cursor)
        return LegendEntry(line, sample, readout, self._is_dim(line, selected), is_outside=self._is_outside(curve))

    def _is_outside(self, curve: Curve) -> bool:
        """Return whether the cursor is before the start or after the end of a curve."""
        limits = x_limits([curve], LINEAR)
        return self.cursor is not None and limits is not None and not limits.low <= self.cursor <= limits.high

    def _entry_without_curve(self, line: ChartLine) -> LegendEntry:
        """Return an entry with the reason why a line is not drawn."""
        if self.curve_set.requested.intersection(line.keys):
            return LegendEntry(line, "", is_faint=True, note="reading …")
        absent_metric = self.curve_set.absent_metric(line)
        if absent_metric:
            return LegendEntry(line, "", is_faint=True, note=f"without {absent_metric}")
        failures = self.curve_set.failures
        reason = next((failures[key] for key in line.keys if key in failures), "")
        return LegendEntry(line, "", is_faint=True, note=reason or "not read", has_failed=bool(reason))

    # Cursor

    def x_by_cells(self, area: PlotArea, cells: int) -> float:
        """Return the point this many cells from the cursor; without a cursor, the last visible point."""
        curves = self.curve_set.curves
        if self.cursor is None:
            return snap_to_point(curves, area.x.high)
        return move_cursor(curves, area, self.cursor, cells)

    def x_by_points(self, area: PlotArea, selected: ChartLine | None, direction: int) -> float | None:
        """Return the next point of the selected curve; without a cursor, the last visible point."""
        if self.cursor is None:
            return snap_to_point(self.curve_set.curves, area.x.high)
        curve = self.curve_of(selected)
        return next_point(curve, self.cursor, direction) if curve is not None else None

    def put_cursor(self, x: float, area: PlotArea | None) -> bool:
        """Put the cursor at an x value, and pan as far as it needs to be visible; return whether it panned."""
        full = self.curve_set.full_range
        self.cursor = x
        if area is not None and full is not None and not self.is_whole and not area.x.low <= x <= area.x.high:
            self.options = navigation.reveal_x(self.options, area, full, x)
            return True
        return False

    def switch_x_axis(self, selected: ChartLine | None) -> None:
        """Switch to the next x-axis: steps, time or relative time; the cursor stays at its point of the curve."""
        before = self.curve_of(selected)
        index = nearest_index(before, self.cursor) if before is not None and self.cursor is not None else None
        self.cursor = None
        following = X_AXES[(X_AXES.index(self.options.x_axis) + 1) % len(X_AXES)]
        self.options = self.options.with_x_axis(self.options.x_axis if self.options.x_metric else following)
        self.shape()
        after = self.curve_of(selected)
        if index is not None and after is not None:
            self.cursor = float(after.x[min(index, len(after) - 1)])

    # Limits

    @property
    def is_whole(self) -> bool:
        """Whether the full x range is visible."""
        return self.options.x_limits == AUTOMATIC

    @property
    def sees_all_values(self) -> bool:
        """Whether the y-axes follow the curves."""
        return self.options.y_limits == self.options.y_right_limits == AUTOMATIC

    def reset_zoom(self) -> None:
        """Let all axes follow the curves."""
        self.options = replace(self.options, x_limits=AUTOMATIC, y_limits=AUTOMATIC, y_right_limits=AUTOMATIC)

    def zoom_x(self, area: PlotArea, factor: float, x: float | None) -> None:
        """Zoom the x-axis around `x`, or around the middle if that is not visible."""
        full = self.curve_set.full_range
        if full is not None:
            self.options = navigation.zoom_x(self.options, area, full, x, factor)

    def pan_x(self, area: PlotArea, share: float) -> None:
        """Move along the x-axis by a share of what is visible."""
        full = self.curve_set.full_range
        if full is not None and not self.is_whole:
            self.options = navigation.pan_x(self.options, area, full, share)

    def zoom_y(self, area: PlotArea, factor: float, selected: ChartLine | None, row: int | None = None) -> None:
        """Zoom the y-axes around a row; without one, around the selected curve at the cursor."""
        at_curve = navigation.curve_centre(area, self.curve_of(selected), self.cursor)
        centre = at_curve if row is None else navigation.row_centre(area, row)
        self.options = navigation.zoom_y(self.options, self.chart(selected), area, factor, centre)

    def pan_y(self, area: PlotArea, share: float, selected: ChartLine | None) -> None:
        """Move both y-axes by a share of what is visible."""
        if not self.sees_all_values:
            self.options = navigation.pan_y(self.options, self.chart(selected), area, share)

    # Export

    def chart_document(self) -> Chart:
        """Return the chart to export: with a title and a legend of its own."""
        curves = self.curve_set
        chart = build_chart(curves.curves, tuple(curves.bands.values()), self.options, curves.scales)
        return replace(chart, title=self.spec.title(), legend=True, cursor=self.cursor, glyphs=self.glyphs)

    def bars_document(self) -> BarChart | None:
        """Return the bars to export: with a title, without hidden bars and a cursor; None if curves are shown."""
        chart = self._ranked_bars()
        return replace(chart, title=self.spec.title()) if chart else None

    def as_text(self, width: int, height: int) -> str:
        """Return the chart as text in this size, with a mark for each curve; bars are as high as they need."""
        bars = self.bars_document()
        if bars:
            picture = draw_bars(bars, width, len(bars.bars) + 2)
        else:
            chart = replace(self.chart_document(), use_marks=len(self.curve_set.curves) > 1)
            picture = draw_chart(chart, width, height)
        return "\n".join(line.rstrip() for line in picture.lines()).rstrip()
