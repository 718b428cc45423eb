"""The grid as it is used: moving among charts, reading them, how they look, pins and sections."""

from __future__ import annotations

from dataclasses import replace

from textual import events
from textual.actions import SkipAction

from qtui.plot.chart_options import ChartOptions, step_through
from qtui.plot.readout import move_cursor, snap_to_point
from qtui.plot.series import XAxis
from qtui.tui.commands import grid as commands
from qtui.tui.commands.charts import ClipOutliers, LogScale, SmoothLess, SmoothMore, SwitchPlaces
from qtui.tui.commands.everywhere import Back
from qtui.tui.messages import CopyText, OpenChart, PinsChanged
from qtui.tui.present.chart_selection import sort_metrics
from qtui.tui.present.chart_spec import ChartSpec
from qtui.tui.present.grid_spec import GridCell, GridItem
from qtui.tui.widgets.chart_grid.grid_view import Sight

FAR = 8
"""The cells of a wide step of the reading line."""


class ChartGrid(Sight):
    """Shows a chart for every metric, and does what the keys and the mouse want of them."""

    HEADING = "Charts"
    OWN_COMMANDS = (
        commands.EnlargeChart,
        commands.ReadRight,
        commands.ReadLeft,
        LogScale,
        SmoothMore,
        SmoothLess,
        SwitchPlaces,
        ClipOutliers,
        commands.PinChart,
        commands.LargerCharts,
        commands.SmallerCharts,
        commands.FoldSection,
        commands.ReadFarRight,
        commands.ReadFarLeft,
        commands.CopyChartValue,
        commands.ChartRight,
        commands.ChartLeft,
        commands.ChartBelow,
        commands.ChartAbove,
        commands.ChartsDown,
        commands.ChartsUp,
        commands.FirstChart,
        commands.LastChart,
        Back,
    )

    # Moving

    def go_to(self, item: GridItem | None) -> None:
        """Put the cursor on a chart or a heading."""
        self.has_moved = True
        if item != self.item:
            self.item = item
            self._bring_into_sight()
            self.repaint()
            self.refresh_bindings()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on a chart and read it where it was clicked; a second click enlarges it."""
        line = event.y + self.scroll_offset.y
        cell = next((each for each in self._lines.get(line, ()) if each.x <= event.x < each.x + each.width), None)
        heading = next((each for each in self.grid_layout.headings if each.y == line), None)
        if cell is not None:
            self._point(cell, event.x - cell.x, line - cell.y - 1, again=event.chain > 1)
        elif heading is not None:
            self._fold(heading.section.name)

    def _point(self, cell: GridCell, column: int, row: int, *, again: bool) -> None:
        self.go_to(cell.item)
        area = self.cards.picture(cell, self.options).area if cell.height > 1 else None
        if again:
            self.action_enlarge_chart()
        elif area is not None and area.contains(column, row):
            self._read_at(snap_to_point(self.cards.chart(cell.item.metric, self.options).curves, area.x_at(column)))

    def action_chart_right(self) -> None:
        """Go to the next chart."""
        self.go_to(self.grid_layout.neighbour(self.item, 1, 0))

    def action_chart_left(self) -> None:
        """Go to the chart before."""
        self.go_to(self.grid_layout.neighbour(self.item, -1, 0))

    def action_chart_below(self) -> None:
        """Go to the chart below."""
        self.go_to(self.grid_layout.neighbour(self.item, 0, 1))

    def action_chart_above(self) -> None:
        """Go to the chart above."""
        self.go_to(self.grid_layout.neighbour(self.item, 0, -1))

    def action_charts_down(self) -> None:
        """Go a screen of charts down."""
        self.go_to(self.grid_layout.neighbour(self.item, 0, self._rows_in_sight()))

    def action_charts_up(self) -> None:
        """Go a screen of charts up."""
        self.go_to(self.grid_layout.neighbour(self.item, 0, -self._rows_in_sight()))

    def _rows_in_sight(self) -> int:
        return max(
            1, len({cell.y for cell in self.grid_layout.visible_cells(self.scroll_offset.y, self.size.height)}) - 1
        )

    def action_first_chart(self) -> None:
        """Go to the first chart."""
        self.go_to(self.grid_layout.neighbour(None, 0, 0))

    def action_last_chart(self) -> None:
        """Go to the last chart."""
        self.go_to(next((row[-1] for row in reversed(self.grid_layout.rows())), None))

    # Reading the curves

    def action_read_right(self) -> None:
        """Move the line that reads the curves to the right."""
        self._read_beside(1)

    def action_read_left(self) -> None:
        """Move the line that reads the curves to the left."""
        self._read_beside(-1)

    def action_read_far_right(self) -> None:
        """Move the line far to the right."""
        self._read_beside(FAR)

    def action_read_far_left(self) -> None:
        """Move the line far to the left."""
        self._read_beside(-FAR)

    def _read_beside(self, by: int) -> None:
        cell = self.cell
        area = self.cards.picture(cell, self.options).area if cell and cell.height > 1 else None
        if cell is None or area is None:
            return
        curves = self.cards.chart(cell.item.metric, self.options).curves
        at = snap_to_point(curves, area.x.high) if self.cursor is None else move_cursor(curves, area, self.cursor, by)
        self._read_at(at)

    def _read_at(self, place: float | None) -> None:
        self.cursor = place
        self.repaint()

    def action_back(self) -> None:
        """Take the line away that reads the curves."""
        if self.cursor is None:
            raise SkipAction
        self._read_at(None)

    def action_copy_chart_value(self) -> None:
        """Copy what the first curve says, whole."""
        cell = self.cell
        readings = self.cards.readings(cell.item.metric, self.options, self.cursor) if cell else {}
        for line, reading in readings.items():
            self.post_message(CopyText(repr(reading.value), f"{line.metric} of {line.owner_name}"))
            return

    # How charts look

    def _see(self, options: ChartOptions) -> None:
        self.options = options
        self.repaint()
        self.refresh_bindings()

    def action_log_scale(self) -> None:
        """Draw values by their magnitude, or evenly again."""
        self._see(replace(self.options, log_y=not self.options.log_y))

    def action_smooth_more(self) -> None:
        """Smooth more."""
        self._see(self.options.with_smoothing_step(1))

    def action_smooth_less(self) -> None:
        """Smooth less."""
        self._see(self.options.with_smoothing_step(-1))

    def action_switch_places(self) -> None:
        """Draw along something else."""
        places = tuple(XAxis)
        last = self.options.x_axis is places[-1]
        self.cursor = None
        self._see(self.options.with_x_axis(places[0] if last else step_through(places, self.options.x_axis, 1)))

    def action_clip_outliers(self) -> None:
        """Leave a few values far from the rest outside, or show them again."""
        self._see(replace(self.options, clip_outliers=not self.options.clip_outliers))

    # Charts and sections

    def action_larger_charts(self) -> None:
        """Draw fewer and larger charts."""
        self._measure(self.chart_size + 1)

    def action_smaller_charts(self) -> None:
        """Draw more and smaller charts."""
        self._measure(self.chart_size - 1)

    def _measure(self, chart_size: int) -> None:
        self.chart_size = chart_size
        self.rearrange()

    def action_enlarge_chart(self) -> None:
        """Draw the chart large, or unfold the section."""
        if self.cell is not None:
            available_metrics = sort_metrics(self.spec.metrics)
            spec = ChartSpec((self.cell.item.metric,), self.spec.runs, available_metrics=available_metrics)
            self.post_message(OpenChart(spec, self.options))
        elif self.item is not None:
            self._fold(self.item.section)

    def action_fold_section(self) -> None:
        """Fold the section of the cursor, or unfold it."""
        if self.item is not None:
            self._fold(self.item.section)

    def _fold(self, section: str) -> None:
        self.folded ^= {section}
        self.rearrange()

    def action_pin_chart(self) -> None:
        """Pin the chart, or let it go."""
        if self.item is not None and self.item.metric:
            metric = self.item.metric
            known = metric in self.pins
            self.pins = tuple(each for each in self.pins if each != metric) if known else (*self.pins, metric)
            self.post_message(PinsChanged(self.pins))
            self.rearrange()
