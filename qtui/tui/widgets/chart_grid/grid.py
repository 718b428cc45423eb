"""The grid of charts: one chart for every metric of some runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.actions import SkipAction
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from qtui.entities import Status
from qtui.plot.curves.chart_options import ChartOptions, step_through
from qtui.plot.curves.readout import move_cursor, snap_to_point
from qtui.plot.glyphs import BRAILLE, Glyphs
from qtui.plot.pieces import Piece
from qtui.plot.series import XAxis
from qtui.recorder.reading.metric_follower import MetricProgress
from qtui.text import display, truncate_middle, width
from qtui.tui.commands import CommandHost
from qtui.tui.commands import grid as commands
from qtui.tui.commands.charts import ClipOutliers, LogarithmicYAxis, SmoothLess, SmoothMore, SwitchXAxis
from qtui.tui.commands.everywhere import Back
from qtui.tui.messages import CopyText, OpenChart, PinsChanged, VisibleChartsChanged
from qtui.tui.polling import Poller
from qtui.tui.present.charts.chart_selection import sort_metrics
from qtui.tui.present.charts.chart_spec import CurveKey
from qtui.tui.present.charts.grid_model import GridModel
from qtui.tui.present.charts.grid_spec import GridCell, GridItem, GridSpec, SectionHeading
from qtui.tui.widgets.chart_grid.chart_cards import CardState, ChartCards
from qtui.tui.widgets.row_painter import RowPainter, refresh_changed_lines

ACTIVE_POLL_S, IDLE_POLL_S = 0.8, 5.0
"""Seconds between two polls of running runs: while they log new points, and when they have not for a while."""
MAX_IDLE_POLLS = 10
"""Polls without new points before the pause becomes long."""


class ChartGrid(CommandHost, ScrollView, can_focus=True, inherit_bindings=False):
    """Shows a chart for every metric of some runs; loads the visible ones, and follows running runs."""

    HEADING = "Charts"
    OWN_COMMANDS = (
        commands.EnlargeChart,
        commands.XCursorRight,
        commands.XCursorLeft,
        LogarithmicYAxis,
        SmoothMore,
        SmoothLess,
        SwitchXAxis,
        ClipOutliers,
        commands.PinChart,
        commands.LargerCharts,
        commands.SmallerCharts,
        commands.FoldSection,
        commands.XCursorFarRight,
        commands.XCursorFarLeft,
        commands.CopyChartValue,
        commands.NextChart,
        commands.PreviousChart,
        commands.ChartBelow,
        commands.ChartAbove,
        commands.NextChartPage,
        commands.PreviousChartPage,
        commands.FirstChart,
        commands.LastChart,
        Back,
    )
    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    ChartGrid {
        height: 1fr;
        background: transparent;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;
        overflow-x: hidden;
    }
    """

    def __init__(self, glyphs: Glyphs = BRAILLE) -> None:
        super().__init__()
        self.glyphs = glyphs
        self.model = GridModel()
        self.options = ChartOptions()
        self.cursor: float | None = None
        self.cards = ChartCards()
        self._rendered: dict[int, Strip] = {}
        self._requested: frozenset[CurveKey] = frozenset()
        self._painter: RowPainter | None = None
        self._poller = Poller(
            self.set_timer,
            self.load_new_points,
            active_s=ACTIVE_POLL_S,
            idle_s=IDLE_POLL_S,
            max_idle_polls=MAX_IDLE_POLLS,
        )
        self.is_live: Callable[[], bool] = lambda: False
        """Whether running runs are followed."""

    # Runs, metrics and loaded curves

    def show(self, spec: GridSpec, pins: Sequence[str] = (), search: str = "") -> None:
        """Show the metrics of these runs whose names contain `search`; the cursor stays on its chart if possible."""
        former = self.model.spec
        before, after = ([run.run_id for run in runs] for runs in (former.runs, spec.runs))
        if (before, former.groups, former.baseline) != (after, spec.groups, spec.baseline):
            loaded = {key: progress for key, progress in self.cards.loaded.items() if key.run_id in after}
            self.cards = ChartCards(spec, self.glyphs, marked=self.app.no_color)
            self.cards.loaded = loaded
            self._requested = frozenset()
            if not set(before).intersection(after):
                self.scroll_to(y=0, animate=False, force=True)
        if self.model.show(spec, pins, search, self.cards.is_missing):
            self.rearrange()

    def show_curves(
        self, run_id: str, metrics: Sequence[str], progress_by_metric: Mapping[str, MetricProgress]
    ) -> None:
        """Show loaded curves of a run; those of a run that is not shown any more are dropped."""
        if run_id in self.model.spec.run_ids:
            self.cards.loaded.update((CurveKey(run_id, metric), progress_by_metric.get(metric)) for metric in metrics)
            self._requested -= {CurveKey(run_id, metric) for metric in metrics}
            self._poller.report(changed=any(progress.new_points for progress in progress_by_metric.values()))
            loaded = [metric for metric in metrics if not self.cards.is_missing(metric)]
            if self.model.set_single(loaded, list(filter(self.cards.is_single, loaded))):
                self.rearrange()
            self.repaint()
            self.refresh_bindings()
            self.schedule_poll()

    @property
    def is_waiting(self) -> bool:
        """Whether requested curves are not loaded yet."""
        return bool(self._requested)

    def stop_waiting(self) -> None:
        """Stop waiting for requested curves."""
        self._requested = frozenset()

    def load_new_points(self) -> None:
        """Load new points of the visible charts, unless a load is running."""
        if self.visible_metrics and not self._requested:
            self._request_curves(self.visible_metrics)

    def reload(self) -> None:
        """Load the visible charts again, and stop waiting for an earlier load."""
        self.stop_waiting()
        self.load_new_points()

    def _request_curves(self, metrics: Sequence[str]) -> None:
        self._requested = frozenset(CurveKey(run.run_id, metric) for run in self.model.spec.runs for metric in metrics)
        # Without this, a message posted in a watcher of the pane has the pane as its sender, and stops there.
        self.post_message(VisibleChartsChanged(self.model.spec.runs, tuple(metrics)).set_sender(self))

    def schedule_poll(self) -> None:
        """Poll the visible charts after a while if one of their runs is running."""
        self._poller.stop()
        if self.is_live() and self._is_growing and not self._requested:
            self._poller.schedule()

    @property
    def _is_growing(self) -> bool:
        """Whether a visible chart belongs to a running run."""
        running = any(run.status == Status.RUNNING for run in self.model.spec.runs)
        return running and self.screen.is_current and bool(self.visible_metrics)

    # State that its commands read

    @property
    def has_items(self) -> bool:
        """Whether the grid has an item for the cursor."""
        return self.model.item is not None

    @property
    def at_chart(self) -> bool:
        """Whether the cursor is on a chart."""
        return self.model.cell is not None

    @property
    def has_points(self) -> bool:
        """Whether a curve is visible, and not only single values."""
        return any(self.cards.has_points(key) and not self.cards.is_single(key) for key in self.visible_metrics)

    @property
    def at_points(self) -> bool:
        """Whether the chart under the cursor has points."""
        return self.model.cell is not None and self.cards.has_points(self.model.cell.item.metric)

    @property
    def at_curve(self) -> bool:
        """Whether the chart under the cursor has a curve that can be read along its axis."""
        cell = self.model.cell
        return self.at_points and cell is not None and not self.cards.is_single(cell.item.metric)

    @property
    def has_sections(self) -> bool:
        """Whether the charts are in sections."""
        return bool(self.model.layout.headings)

    @property
    def are_largest(self) -> bool:
        """Whether charts cannot be drawn larger."""
        return self.model.are_largest

    @property
    def are_smallest(self) -> bool:
        """Whether charts cannot be drawn smaller."""
        return self.model.are_smallest

    # Layout

    @property
    def visible_metrics(self) -> tuple[str, ...]:
        """The metrics of visible charts, from top to bottom."""
        if not self.display or not self.size.height:
            return ()
        cells = self.model.layout.visible_cells(self.scroll_offset.y, self.size.height)
        return tuple(cell.item.metric for cell in cells)

    def rearrange(self) -> None:
        """Compute the layout of the charts."""
        self.model.arrange(max(0, self.size.width - 1), self.size.height)
        self.virtual_size = Size(0, self.model.layout.lines)
        self._scroll_to_cursor()
        self.refresh()
        self._load_visible()
        self.refresh_bindings()

    def _load_visible(self) -> None:
        """Load visible charts that are neither loaded nor requested; drop hidden ones above the limit."""
        metrics = self.visible_metrics
        missing = tuple(metric for metric in metrics if self.cards.is_missing(metric))
        keys = {CurveKey(run.run_id, metric) for run in self.model.spec.runs for metric in missing}
        if keys - self._requested - self.cards.loaded.keys():
            self._request_curves(missing)
        self.cards.keep(metrics)

    def _scroll_to_cursor(self) -> None:
        span = self.model.layout.line_range(self.model.item)
        if span is not None:
            region = Region(0, span[0], 1, span[1] - span[0])
            self.scroll_to_region(region, animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Load charts that have become visible."""
        super().watch_scroll_y(old_value, new_value)
        self._load_visible()

    def on_resize(self) -> None:
        """Lay out for the new size."""
        self.rearrange()

    def on_show(self) -> None:
        """Lay out and load the visible charts."""
        self.rearrange()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Render a line of the screen."""
        strip = self._rendered[y] = self.render_current(y)
        return strip

    def render_current(self, y: int) -> Strip:
        """Return a line in its current state."""
        line, cells = y + self.scroll_offset.y, self.scrollable_content_region.width
        if self.model.cells_on(line):
            return self._render_charts(line, cells)
        heading = self.model.heading_on(line)
        if heading is not None:
            return self.painter.paint(heading_row(heading, cells, self._is_focused(heading.item)), cells)
        return Strip.blank(cells, self.rich_style)

    def _render_charts(self, line: int, cells: int) -> Strip:
        segments, at = [], 0
        for cell in self.model.cells_on(line):
            if cell.x > at:
                segments.append(Segment(" " * (cell.x - at), self.rich_style))
            state = CardState(self.options, self.cursor, self._is_focused(cell.item))
            segments += self.cards.strips(cell, state, self.painter)[line - cell.y]
            at = cell.x + cell.width
        return Strip(segments, at).adjust_cell_length(cells, self.rich_style)

    def _is_focused(self, item: GridItem) -> bool:
        return self.has_focus and item == self.model.item

    def repaint(self) -> None:
        """Refresh the lines that have changed since they were rendered."""
        refresh_changed_lines(self, self._rendered, self.render_current, self.size.width, range(self.size.height))

    @property
    def painter(self) -> RowPainter:
        """The painter of the charts."""
        if self._painter is None:
            self._painter = RowPainter.of(self)
        return self._painter

    def notify_style_update(self) -> None:
        """Use the colours of a new theme."""
        super().notify_style_update()
        self._painter = None
        self.cards.restyle()

    def on_focus(self) -> None:
        """Highlight the chart under the cursor."""
        self.repaint()

    def on_blur(self) -> None:
        """Remove the highlight of the chart under the cursor."""
        self.repaint()

    # Moving

    def go_to(self, item: GridItem | None) -> None:
        """Put the cursor on a chart or a heading."""
        if self.model.go_to(item):
            self._scroll_to_cursor()
            self.repaint()
            self.refresh_bindings()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on a chart and read it where it was clicked; a second click enlarges it."""
        line = event.y + self.scroll_offset.y
        cell = next((cell for cell in self.model.cells_on(line) if cell.x <= event.x < cell.x + cell.width), None)
        heading = self.model.heading_on(line)
        if cell is not None:
            self._click_chart(cell, event.x - cell.x, line - cell.y - 1, is_double_click=event.chain > 1)
        elif heading is not None:
            self._fold(heading.section.name)

    def _click_chart(self, cell: GridCell, column: int, row: int, *, is_double_click: bool) -> None:
        self.go_to(cell.item)
        area = self.cards.picture(cell, self.options).area if cell.height > 1 else None
        if is_double_click:
            self.action_enlarge_chart()
        elif area is not None and area.contains(column, row):
            self._set_x_cursor(
                snap_to_point(self.cards.chart(cell.item.metric, self.options).curves, area.x_at(column))
            )

    def go_to_neighbour(self, columns: int, rows: int) -> None:
        """Go to the chart this many columns and rows away."""
        self.go_to(self.model.neighbour(columns, rows))

    def turn_page(self, direction: int) -> None:
        """Go down one screen of charts, or with a negative direction up."""
        visible_cells = self.model.layout.visible_cells(self.scroll_offset.y, self.size.height)
        self.go_to_neighbour(0, direction * max(1, len({cell.y for cell in visible_cells}) - 1))

    def action_scroll_home(self) -> None:
        self.go_to(self.model.first)

    def action_scroll_end(self) -> None:
        self.go_to(self.model.last)

    # Reading the curves

    def move_x_cursor(self, by: int) -> None:
        """Move the x cursor of all charts by cells."""
        cell = self.model.cell
        area = self.cards.picture(cell, self.options).area if cell and cell.height > 1 else None
        if cell is None or area is None:
            return
        curves = self.cards.chart(cell.item.metric, self.options).curves
        at = snap_to_point(curves, area.x.high) if self.cursor is None else move_cursor(curves, area, self.cursor, by)
        self._set_x_cursor(at)

    def _set_x_cursor(self, x: float | None) -> None:
        self.cursor = x
        self.repaint()

    def action_back(self) -> None:
        """Remove the x cursor."""
        if self.cursor is None:
            raise SkipAction
        self._set_x_cursor(None)

    def action_copy_chart_value(self) -> None:
        """Copy the value of the first curve with full precision."""
        cell = self.model.cell
        readings = self.cards.readings(cell.item.metric, self.options, self.cursor) if cell else {}
        for line, reading in readings.items():
            self.post_message(CopyText(repr(reading.value), f"{line.metric} of {line.owner_name}"))
            return

    # Chart options

    def _set_options(self, options: ChartOptions) -> None:
        self.options = options
        self.repaint()
        self.refresh_bindings()

    def toggle_option(self, name: str) -> None:
        """Switch an option on or off."""
        self._set_options(self.options.with_toggled(name))

    def smooth(self, steps: int) -> None:
        """Smooth more, or with a negative number less."""
        self._set_options(self.options.with_smoothing_step(steps))

    def action_switch_x_axis(self) -> None:
        axes = tuple(XAxis)
        is_last = self.options.x_axis is axes[-1]
        self.cursor = None
        self._set_options(self.options.with_x_axis(axes[0] if is_last else step_through(axes, self.options.x_axis, 1)))

    # Charts and sections

    def resize_charts(self, steps: int) -> None:
        """Draw fewer and larger charts, or with a negative number more and smaller ones."""
        self.model.resize(steps)
        self.rearrange()

    def action_enlarge_chart(self) -> None:
        """Open the chart full screen, or unfold the section."""
        cell, item, spec = self.model.cell, self.model.item, self.model.spec
        if cell is not None:
            chart = replace(spec.chart_spec(cell.item.metric), available_metrics=sort_metrics(spec.metrics))
            self.post_message(OpenChart(chart, self.options))
        elif item is not None:
            self._fold(item.section)

    def action_fold_section(self) -> None:
        if self.model.item is not None:
            self._fold(self.model.item.section)

    def _fold(self, section: str) -> None:
        self.model.toggle_fold(section)
        self.rearrange()

    def action_pin_chart(self) -> None:
        if self.model.toggle_pin():
            self.post_message(PinsChanged(self.model.pins))
            self.rearrange()


def heading_row(heading: SectionHeading, cells: int, focused: bool) -> tuple[Piece, ...]:
    """Return the line above a section: fold sign, name and number of charts."""
    sign = "▸" if heading.is_folded else "▾"
    amount = f" {len(heading.section.metrics):,}"
    name = truncate_middle(display(heading.section.name), max(1, cells - len(amount) - 2))
    left = max(0, cells - width(name) - len(amount) - 2)
    role = "focus" if focused else "strong"
    return Piece(f"{sign} ", "muted"), Piece(name, role), Piece(amount + " " * left, "muted")
