"""The pane of a grid of charts: a legend of the runs, a search field, the charts."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from qtui.plot.glyphs import BRAILLE, Glyphs
from qtui.tui.commands.everywhere import Back, FilterPane
from qtui.tui.messages import PinsChanged
from qtui.tui.present.charts.grid_spec import GridSpec, group_metrics
from qtui.tui.state import StoreState
from qtui.tui.widgets.chart_grid import ChartGrid, GridLegend
from qtui.tui.widgets.searchable_pane import SearchablePane


class GridPane(SearchablePane):
    """Shows charts of every metric of some runs, or of those whose names match the search."""

    HEADING = "Charts"
    SEARCH_PLACEHOLDER = "a part of a metric's name"
    SEARCH_BEFORE = "ChartGrid"
    OWN_COMMANDS = (FilterPane, Back)
    DEFAULT_CSS = """
    GridPane {
        & > #nothing { height: 1fr; padding: 1 2; color: $text-muted; display: none; }
        &.-empty > #nothing { display: block; }
        &.-empty > ChartGrid { display: none; }
    }
    """

    def __init__(self, spec: GridSpec, glyphs: Glyphs = BRAILLE) -> None:
        super().__init__()
        self.spec = spec
        self.grid = ChartGrid(glyphs)
        self._legend = GridLegend()
        self.store_state: StoreState | None = None
        """The remembered pins of the store."""

    def compose(self) -> ComposeResult:
        """Compose the names of the runs, the charts, and the notice if there are none."""
        yield self._legend
        yield self.grid
        yield Static(id="nothing")

    def on_mount(self) -> None:
        """Show the charts."""
        super().on_mount()
        self._legend.show(self.spec, self.grid.glyphs)
        self._show_charts()

    def show_title(self, detail: str = "") -> None:
        """Show the runs of the charts in the title."""
        super().show_title(detail or self.spec.title)

    @property
    def front(self) -> Widget:
        return self.grid

    def apply_search(self) -> None:
        self._show_charts()

    def focus_content(self) -> None:
        """Give the focus to the charts, or to the notice shown instead of them."""
        self.focus_inside() if self.has_class("-empty") else super().focus_content()

    @property
    def _experiment_id(self) -> str:
        return self.spec.runs[0].experiment_id if self.spec.runs else ""

    def _show_charts(self) -> None:
        pins = self.store_state.pins(self._experiment_id) if self.store_state else self.grid.model.pins
        search = self.search_text
        self._show_notice(any_matches=bool(group_metrics(self.spec.metrics, pins, search)))
        self.grid.show(self.spec, pins, search)

    def _show_notice(self, *, any_matches: bool) -> None:
        self.set_class(not any_matches, "-empty")
        no_match = self.fill_keys("No metric matches. Press {back} to see all charts.")
        sentence = no_match if self.spec.metrics else "These runs have no metrics."
        self.query_one("#nothing", Static).update(Content(sentence))

    @on(PinsChanged)
    def _save_pins(self, event: PinsChanged) -> None:
        event.stop()
        if self.store_state:
            self.store_state.save_pins(self._experiment_id, event.pins)
