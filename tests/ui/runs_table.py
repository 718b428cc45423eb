"""A small app with the runs table that records its messages."""

from __future__ import annotations

from typing import Any

from textual import on
from textual.app import App, ComposeResult
from textual.message import Message

from qtui.runs.table_view import TableView
from qtui.tui import themes
from qtui.tui.widgets.runs_table import RunsTable


class TableApp(App[None], inherit_bindings=False):
    """Shows one view."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, view: TableView, theme: str = "night", **options: Any) -> None:
        super().__init__(**options)
        for theme_choice in themes.THEMES.values():
            self.register_theme(theme_choice)
        self.theme = theme
        self.posted: list[Message] = []
        self._view = view

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return our colours that Textual does not define."""
        return themes.defaults(dark=self.current_theme.dark)

    def compose(self) -> ComposeResult:
        """Compose the table."""
        yield RunsTable()

    def on_mount(self) -> None:
        """Show the view and focus the table."""
        self.table.focus()
        self.table.view = self._view

    @on(RunsTable.RunHighlighted)
    @on(RunsTable.RunOpened)
    @on(RunsTable.FoldRequested)
    @on(RunsTable.SortRequested)
    @on(RunsTable.ColumnResized)
    @on(RunsTable.MarksChanged)
    @on(RunsTable.VisibleRowsChanged)
    def record(self, message: Message) -> None:
        """Record a message of the table."""
        self.posted.append(message)

    @property
    def table(self) -> RunsTable:
        """The table."""
        return self.query_one(RunsTable)
