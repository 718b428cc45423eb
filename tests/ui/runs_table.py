"""A small app around the table of runs, that keeps what the table says."""

from __future__ import annotations

from textual import on
from textual.app import App, ComposeResult
from textual.message import Message

from qtui.runs.table_view import TableView
from qtui.tui import themes
from qtui.tui.widgets.runs_table import RunsTable


class TableApp(App[None], inherit_bindings=False):
    """Shows one view."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, view: TableView, theme: str = "night") -> None:
        super().__init__()
        for each in themes.THEMES.values():
            self.register_theme(each)
        self.theme = theme
        self.said: list[Message] = []
        self._view = view

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of ours that Textual does not know."""
        return themes.defaults(dark=self.current_theme.dark)

    def compose(self) -> ComposeResult:
        """The table alone."""
        yield RunsTable()

    def on_mount(self) -> None:
        """Show the view, and give the table the keys."""
        self.table.focus()
        self.table.view = self._view

    @on(RunsTable.Highlighted)
    @on(RunsTable.Opened)
    @on(RunsTable.FoldRequested)
    @on(RunsTable.SortRequested)
    @on(RunsTable.ColumnResized)
    @on(RunsTable.MarksChanged)
    @on(RunsTable.VisibleRowsChanged)
    def keep(self, message: Message) -> None:
        """Keep what the table said."""
        self.said.append(message)

    @property
    def table(self) -> RunsTable:
        """The table."""
        return self.query_one(RunsTable)
