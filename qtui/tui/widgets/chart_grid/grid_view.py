"""What of a grid is in sight: it is told which runs and metrics there are, and shows them as they come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.timer import Timer

from qtui.entities import Status
from qtui.plot.chart_options import ChartOptions
from qtui.plot.glyphs import BRAILLE, Glyphs
from qtui.plot.pieces import Piece
from qtui.recorder.reading.metric_follower import MetricProgress
from qtui.runs.column_widths import shorten_title
from qtui.text import display, width
from qtui.tui.commands import CommandHost
from qtui.tui.messages import VisibleChartsChanged
from qtui.tui.present.chart_spec import CurveKey
from qtui.tui.present.detail_rows import SYSTEM_METRICS
from qtui.tui.present.grid_spec import (
    CHART_SIZES,
    DEFAULT_SIZE,
    GridCell,
    GridItem,
    GridLayout,
    GridSpec,
    SectionHeading,
    group_metrics,
    layout_grid,
)
from qtui.tui.widgets.chart_grid.chart_cards import CardState, ChartCards
from qtui.tui.widgets.chart_ink import ChartInk
from qtui.tui.widgets.runs_table.surface import difference

LIVELY, QUIET = 0.8, 5.0
"""Seconds between two looks at the metrics of runs that go on: while they grow, and when they have not for a while."""
PATIENCE = 10
"""So many looks that found nothing make quiet."""
ROOM = 1_000_000
"""So many points are kept of charts that are out of sight."""


class Sight(CommandHost, ScrollView, can_focus=True, inherit_bindings=False):
    """Lays charts out, asks for those that are in sight, and draws what has come."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    Sight {
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
        self.spec = GridSpec()
        self.options = ChartOptions()
        self.cursor: float | None = None
        self.item: GridItem | None = None
        self.has_moved = False
        """Whether the user moved the cursor; until then it stays on the first chart when single values go last."""
        self.pins: tuple[str, ...] = ()
        self.wanted = ""
        self.folded = frozenset({SYSTEM_METRICS})
        self.grid_layout = GridLayout()
        self.chart_size = DEFAULT_SIZE
        """How large the charts are."""
        self.cards = ChartCards()
        self._single: frozenset[str] = frozenset()
        self._lines: dict[int, list[GridCell]] = {}
        self._painted: dict[int, Strip] = {}
        self._awaited: frozenset[CurveKey] = frozenset()
        self._ink: ChartInk | None = None
        self._timer: Timer | None = None
        self._idle_looks = 0
        self.is_live: Callable[[], bool] = lambda: False
        """Whether runs that go on are to be followed."""

    # What it is told

    def show(self, spec: GridSpec, pins: Sequence[str] = (), wanted: str = "") -> None:
        """Show these runs, or the same ones with other metrics; cursor and look stay, as far as they can."""
        before, after = ([run.run_id for run in runs] for runs in (self.spec.runs, spec.runs))
        if before != after:
            self.cards = ChartCards(spec.runs, self.glyphs, marked=self.app.no_color)
            self._awaited = frozenset()
            if not set(before).intersection(after):
                self.item, self.has_moved = None, False
                self.scroll_to(y=0, animate=False, force=True)
        if (spec, tuple(pins), wanted) != (self.spec, self.pins, self.wanted) or not self.grid_layout.lines:
            self.spec, self.pins, self.wanted = spec, tuple(pins), wanted
            self.rearrange()

    def take(self, run_id: str, metrics: Sequence[str], found: Mapping[str, MetricProgress]) -> None:
        """Show what was read of some metrics; what is about a run that is not shown any more is dropped."""
        if run_id in {run.run_id for run in self.spec.runs}:
            self.cards.known.update((CurveKey(run_id, metric), found.get(metric)) for metric in metrics)
            self._awaited -= {CurveKey(run_id, metric) for metric in metrics}
            if any(each.new_points for each in found.values()):
                self._idle_looks = 0
            if self._learn_single(metrics):
                if not self.has_moved:
                    self.item = None
                self.rearrange()
            self.repaint()
            self.refresh_bindings()
            self.look_soon()

    def _learn_single(self, metrics: Sequence[str]) -> bool:
        """Know which of these metrics are single values, and say whether that is news; of others it is a guess that
        they are what they were for the run before."""
        before = self._single
        known = {each for each in metrics if not self.cards.missing(each)}
        # Of several runs, single values are drawn as bars.
        lonely = len(self.spec.runs) == 1
        self._single = (before - known) | {each for each in known if lonely and self.cards.is_single(each)}
        return self._single != before

    @property
    def is_waiting(self) -> bool:
        """Whether something was asked for that has not come."""
        return bool(self._awaited)

    def give_up(self) -> None:
        """Wait no longer for what was asked for."""
        self._awaited = frozenset()

    def look_again(self) -> None:
        """Have all that is in sight read on, because its runs may have written; but let what is being read be read."""
        if self.visible_metrics and not self._awaited:
            self._ask(self.visible_metrics)

    def reload(self) -> None:
        """Load all that is in sight again, and wait no longer for an earlier load."""
        self.give_up()
        self.look_again()

    def _ask(self, metrics: Sequence[str]) -> None:
        self._awaited = frozenset(CurveKey(run.run_id, metric) for run in self.spec.runs for metric in metrics)
        # Textual takes the pane whose watcher lays the charts out for the sender, and stops a message at its sender.
        self.post_message(VisibleChartsChanged(self.spec.runs, tuple(metrics)).set_sender(self))

    def look_soon(self) -> None:
        """Look again after a while, as long as a run in sight goes on."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self.is_live() and self._goes_on and not self._awaited:
            self._timer = self.set_timer(LIVELY if self._idle_looks < PATIENCE else QUIET, self._look)

    def _look(self) -> None:
        self._timer = None
        self._idle_looks += 1
        self.look_again()

    @property
    def _goes_on(self) -> bool:
        """Whether anybody sees a run that may log more."""
        running = any(run.status == Status.RUNNING for run in self.spec.runs)
        return running and self.screen.is_current and bool(self.visible_metrics)

    # What its commands ask

    @property
    def has_items(self) -> bool:
        """Whether there is anything for the cursor to be on."""
        return self.item is not None

    @property
    def at_chart(self) -> bool:
        """Whether the cursor is on a chart."""
        return self.cell is not None

    @property
    def has_points(self) -> bool:
        """Whether a curve is in sight, and not only single values."""
        return any(self.cards.has_points(key) and not self.cards.is_single(key) for key in self.visible_metrics)

    @property
    def at_points(self) -> bool:
        """Whether the chart under the cursor has points."""
        return self.cell is not None and self.cards.has_points(self.cell.item.metric)

    @property
    def at_curve(self) -> bool:
        """Whether the chart under the cursor has a curve that can be read along its axis."""
        return self.at_points and self.cell is not None and not self.cards.is_single(self.cell.item.metric)

    @property
    def has_sections(self) -> bool:
        """Whether the charts are in sections."""
        return bool(self.grid_layout.headings)

    @property
    def are_largest(self) -> bool:
        """Whether charts cannot be drawn larger."""
        return self.chart_size == len(CHART_SIZES) - 1

    @property
    def are_smallest(self) -> bool:
        """Whether charts cannot be drawn smaller."""
        return self.chart_size == 0

    # What is in sight

    @property
    def cell(self) -> GridCell | None:
        """The chart under the cursor."""
        return self.grid_layout.cell_of(self.item)

    @property
    def visible_metrics(self) -> tuple[str, ...]:
        """The metrics of which a part is seen, from the top."""
        if not self.display or not self.size.height:
            return ()
        cells = self.grid_layout.visible_cells(self.scroll_offset.y, self.size.height)
        return tuple(cell.item.metric for cell in cells)

    def rearrange(self) -> None:
        """Lay the charts out anew."""
        sections = group_metrics(self.spec.metrics, self.pins, self.wanted)
        folded = self.folded if len(sections) > 1 or not self.wanted else frozenset()
        self.grid_layout = layout_grid(
            sections,
            folded,
            max(0, self.size.width - 1),
            self.size.height,
            single=self._single,
            size=CHART_SIZES[self.chart_size],
        )
        self._lines = {}
        for cell in self.grid_layout.cells:
            for line in range(cell.y, cell.y + cell.height):
                self._lines.setdefault(line, []).append(cell)
        self.virtual_size = Size(0, self.grid_layout.lines)
        self.item = self._nearest(self.item)
        self._bring_into_sight()
        self.refresh()
        self._tell_sight()
        self.refresh_bindings()

    def _nearest(self, item: GridItem | None) -> GridItem | None:
        """The stop itself, the same chart in another section, or the first there is."""
        items = [each for row in self.grid_layout.rows() for each in row]
        if item in items:
            return item
        alike = (each for each in items if item is not None and each.metric and each.metric == item.metric)
        same_section = (each for each in items if item is not None and each.section == item.section)
        return next(alike, None) or next(same_section, None) or next(iter(items), None)

    def _tell_sight(self) -> None:
        """Ask for what is in sight and has not been read or asked for; forget what is out of sight if it is much."""
        metrics = self.visible_metrics
        missing = tuple(each for each in metrics if self.cards.missing(each))
        wanted = {CurveKey(run.run_id, each) for run in self.spec.runs for each in missing}
        if wanted - self._awaited - self.cards.known.keys():
            self._ask(missing)
        self.cards.keep(metrics)
        self._make_room(metrics)

    def _make_room(self, metrics: Sequence[str]) -> None:
        known = self.cards.known
        if sum(len(each.history) for each in known.values() if each) > ROOM:
            self.cards.known = {key: each for key, each in known.items() if key.metric in metrics}

    def _bring_into_sight(self) -> None:
        span = self.grid_layout.line_range(self.item)
        if span is not None:
            region = Region(0, span[0], 1, span[1] - span[0])
            self.scroll_to_region(region, animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for what has come into sight."""
        super().watch_scroll_y(old_value, new_value)
        self._tell_sight()

    def on_resize(self) -> None:
        """Lay out for the new size."""
        self.rearrange()

    def on_show(self) -> None:
        """Ask for what is in sight now."""
        self.rearrange()

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        strip = self._painted[y] = self.drawn(y)
        return strip

    def drawn(self, y: int) -> Strip:
        """A line as it should be now."""
        line, cells = y + self.scroll_offset.y, self.scrollable_content_region.width
        if line in self._lines:
            return self._charts(line, cells)
        heading = next((each for each in self.grid_layout.headings if each.y == line), None)
        if heading is not None:
            return self.ink.strip(heading_row(heading, cells, self._is_focused(heading.item)), cells)
        return Strip.blank(cells, self.rich_style)

    def _charts(self, line: int, cells: int) -> Strip:
        segments, at = [], 0
        for cell in self._lines[line]:
            if cell.x > at:
                segments.append(Segment(" " * (cell.x - at), self.rich_style))
            state = CardState(self.options, self.cursor, self._is_focused(cell.item))
            segments += self.cards.strips(cell, state, self.ink)[line - cell.y]
            at = cell.x + cell.width
        return Strip(segments, at).adjust_cell_length(cells, self.rich_style)

    def _is_focused(self, item: GridItem) -> bool:
        return self.has_focus and item == self.item

    def repaint(self) -> None:
        """Have the cells drawn again that are not what they should be."""
        changed = [
            Region(span[0], y, span[1] - span[0], 1)
            for y in range(self.size.height)
            if (span := difference(self._painted.get(y), self.drawn(y))) is not None
        ]
        if changed:
            self.refresh(*changed)

    @property
    def ink(self) -> ChartInk:
        """The styles that it is drawn in."""
        if self._ink is None:
            self._ink = ChartInk(self.app.theme_variables, self.rich_style, self.background_colors[1])
        return self._ink

    def notify_style_update(self) -> None:
        """Take the colours of another theme."""
        super().notify_style_update()
        self._ink = None
        self.cards.restyle()

    def on_focus(self) -> None:
        """The chart under the cursor looks different with the focus."""
        self.repaint()

    def on_blur(self) -> None:
        """The chart under the cursor looks different without the focus."""
        self.repaint()


def heading_row(heading: SectionHeading, cells: int, focused: bool) -> tuple[Piece, ...]:
    """The line above a section: whether it is folded, its name, how many charts it has."""
    sign = "▸" if heading.folded else "▾"
    amount = f" {len(heading.section.metrics):,}"
    name = shorten_title(display(heading.section.name), max(1, cells - len(amount) - 2))
    left = max(0, cells - width(name) - len(amount) - 2)
    role = "focus" if focused else "strong"
    return Piece(f"{sign} ", "muted"), Piece(name, role), Piece(amount + " " * left, "muted")
