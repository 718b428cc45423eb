"""The state of a grid of charts, without a widget: its sections, their layout, and the cursor."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from qtui.tui.present.charts.grid_spec import (
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
from qtui.tui.present.details.detail_rows import SYSTEM_METRICS


class GridModel:
    """The charts of some runs in sections, and the chart or folded section under the cursor.

    Changes show in `layout` after the next `arrange`.
    """

    def __init__(self) -> None:
        self.spec = GridSpec()
        self.pins: tuple[str, ...] = ()
        self.search = ""
        self.layout = GridLayout()
        self.item: GridItem | None = None
        """The chart or folded section under the cursor."""
        self._has_moved = False
        """Whether the user moved the cursor; until then it stays on the first chart when single values go last."""
        self._folded = frozenset({SYSTEM_METRICS})
        self._size = DEFAULT_SIZE
        """The index of the chart size in CHART_SIZES."""
        self._single: frozenset[str] = frozenset()
        self._cells_by_line: dict[int, list[GridCell]] = {}

    # Charts

    def show(
        self,
        spec: GridSpec,
        pins: Sequence[str] = (),
        search: str = "",
        is_missing: Callable[[str], bool] = lambda metric: True,
    ) -> bool:
        """Set the metrics, with the cursor on the first chart of other runs; return whether they must be arranged.

        `is_missing` returns whether a metric is not loaded yet.
        """
        is_same = (spec, tuple(pins), search) == (self.spec, self.pins, self.search)
        if not self.spec.run_ids.intersection(spec.run_ids):
            self.item, self._has_moved = None, False
        if is_same and self.layout.lines:
            return False
        self.spec, self.pins, self.search = spec, tuple(pins), search
        self._assume_single(is_missing)
        return True

    def _assume_single(self, is_missing: Callable[[str], bool]) -> None:
        """Lay out metrics that are not loaded yet as the spec suggests.

        If single values were charts until they are loaded, the charts after them would be loaded to fill the screen,
        and so on: all metrics of the run.
        """
        if self.spec.metrics_with_steps is not None and len(self.spec.runs) == 1:
            missing = frozenset(filter(is_missing, self.spec.metrics))
            self._single = (self._single - missing) | (missing - self.spec.metrics_with_steps)

    def set_single(self, loaded: Collection[str], single: Collection[str]) -> bool:
        """Set which of the loaded metrics have a single value; return whether that changed.

        Metrics that are not loaded yet stay as they were assumed to be, or were for the previous run. Single values of
        several runs are drawn as bars.
        """
        before = self._single
        self._single = before.difference(loaded).union(single if len(self.spec.runs) == 1 else ())
        if self._single != before and not self._has_moved:
            self.item = None
        return self._single != before

    def toggle_fold(self, section: str) -> None:
        """Fold a section, or unfold it."""
        self._folded ^= {section}

    def toggle_pin(self) -> bool:
        """Pin the chart under the cursor, or unpin it; return whether there is one."""
        metric = self.item.metric if self.item else ""
        if metric in self.pins:
            self.pins = tuple(pin for pin in self.pins if pin != metric)
        elif metric:
            self.pins = (*self.pins, metric)
        return bool(metric)

    def resize(self, steps: int) -> None:
        """Draw larger charts by some steps, or smaller ones."""
        self._size = max(0, min(self._size + steps, len(CHART_SIZES) - 1))

    @property
    def are_largest(self) -> bool:
        """Whether charts cannot be drawn larger."""
        return self._size == len(CHART_SIZES) - 1

    @property
    def are_smallest(self) -> bool:
        """Whether charts cannot be drawn smaller."""
        return self._size == 0

    # Layout

    def arrange(self, width: int, height: int) -> None:
        """Compute the layout in this many cells and lines; the cursor stays on its chart if possible."""
        sections = group_metrics(self.spec.metrics, self.pins, self.search)
        folded = self._folded if len(sections) > 1 or not self.search else frozenset()
        size = CHART_SIZES[self._size]
        self.layout = layout_grid(sections, folded, width, height, single=self._single, size=size)
        self._cells_by_line = {}
        for cell in self.layout.cells:
            for line in range(cell.y, cell.y + cell.height):
                self._cells_by_line.setdefault(line, []).append(cell)
        self.item = self._matching_item(self.item)

    def _matching_item(self, item: GridItem | None) -> GridItem | None:
        """Return the item itself, the same chart in another section, or the first item."""
        items = [other for row in self.layout.rows() for other in row]
        if item in items:
            return item
        same_metric = (other for other in items if item is not None and other.metric and other.metric == item.metric)
        same_section = (other for other in items if item is not None and other.section == item.section)
        return next(same_metric, None) or next(same_section, None) or next(iter(items), None)

    def cells_on(self, line: int) -> Sequence[GridCell]:
        """Return the charts on a line, from left to right."""
        return self._cells_by_line.get(line, ())

    def heading_on(self, line: int) -> SectionHeading | None:
        """Return the heading on a line."""
        return next((heading for heading in self.layout.headings if heading.y == line), None)

    # Cursor

    @property
    def cell(self) -> GridCell | None:
        """The chart under the cursor."""
        return self.layout.cell_of(self.item)

    def go_to(self, item: GridItem | None) -> bool:
        """Put the cursor on an item; return whether it was on another one."""
        before, self.item, self._has_moved = self.item, item, True
        return item != before

    def neighbour(self, across: int, down: int) -> GridItem | None:
        """Return the item beside, above or below the cursor; at an edge the one under it."""
        return self.layout.neighbour(self.item, across, down)

    @property
    def first(self) -> GridItem | None:
        """The first item."""
        return self.layout.neighbour(None, 0, 0)

    @property
    def last(self) -> GridItem | None:
        """The last item."""
        return next((row[-1] for row in reversed(self.layout.rows())), None)
