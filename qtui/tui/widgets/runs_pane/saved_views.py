"""The saved views of the runs: filter, sort order and columns under a name."""

from __future__ import annotations

from collections.abc import Callable

from qtui.runs.table_layout import TableLayout
from qtui.text import display
from qtui.tui.messages import AskText, ChooseView
from qtui.tui.state import StoreState
from qtui.tui.widgets.pane import Pane
from qtui.tui.widgets.query_bar import QueryBar
from qtui.tui.widgets.runs_table import RunsTable


class SavedViews:
    """Asks for the name of a view, and saves or opens it."""

    def __init__(
        self,
        pane: Pane,
        state: StoreState | None,
        table: RunsTable,
        bar: QueryBar,
        set_layout: Callable[[TableLayout], None],
    ) -> None:
        """`state` keeps the views; `set_layout` shows and saves another layout."""
        self._pane = pane
        self._state = state
        self._table = table
        self._bar = bar
        self._set_layout = set_layout

    def ask_save(self) -> None:
        """Ask for a name; save the view under it."""
        self._pane.post_message(AskText("Save this view as", placeholder="a name", on_answer=self._save))

    def _save(self, name: str) -> None:
        name = name.strip()
        if name and self._state:
            self._state.save_view(name, {"filter": self._bar.text, "layout": self._table.view.layout.to_dict()})
            advice = self._pane.fill_keys("{open-view} opens it.")
            self._pane.notify(f"Saved the view {display(name)!r}: {advice}", markup=False)

    def ask_open(self) -> None:
        """Ask for a view and show it."""
        pane = self._pane
        if self._state is not None:
            pane.post_message(ChooseView(self._state, on_answer=self._open, on_cancel=pane.refresh_bindings))

    def _open(self, name: str) -> None:
        self._pane.refresh_bindings()
        view = self._state.views.get(name) if self._state else None
        if view is not None:
            layout, text = view.get("layout"), view.get("filter")
            self._set_layout(TableLayout.from_dict(layout if isinstance(layout, dict) else {}))
            self._bar.show(text if isinstance(text, str) else "")
