"""The screen that shows plots of the columns of a table, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import getters, on
from textual.app import ComposeResult

from qtui.tui.commands import CommandHost
from qtui.tui.commands.artifacts import CopyPlot, NextPlot
from qtui.tui.commands.everywhere import Back, CloseScreen
from qtui.tui.load.artifact import ArtifactMessage, TaskFailed
from qtui.tui.load.background import BackgroundReader
from qtui.tui.messages import CopyText
from qtui.tui.screens.task_runner import TaskRunner
from qtui.tui.terminal.terminal_app import TerminalApp
from qtui.tui.widgets.artifact import ArtifactBody, ContentWidget
from qtui.tui.widgets.footer import Footer
from qtui.tui.widgets.pane import Pane

if TYPE_CHECKING:
    from qtui.artifacts.tables.column_plots import TablePlot


class PlotsPane(Pane):
    """The pane around a plot."""

    HEADING = "Plot"

    def __init__(self) -> None:
        super().__init__()
        self.body = ArtifactBody()

    def compose(self) -> ComposeResult:
        yield self.body


class PlotsScreen(CommandHost, BackgroundReader):
    """Shows plots; each is drawn in the background for the size of the screen."""

    HEADING = "Plot"
    OWN_COMMANDS = (NextPlot, CopyPlot, Back, CloseScreen)
    app = getters.app(TerminalApp)

    def __init__(self, title: str, plots: Sequence[TablePlot]) -> None:
        super().__init__()
        self._title = title
        self._plots = plots
        self._index = 0
        self._tasks = TaskRunner(self)

    def compose(self) -> ComposeResult:
        """Compose the pane and the footer."""
        self.pane = PlotsPane()
        self.pane.body.ascii_only = self.app.ascii_only
        yield self.pane
        yield Footer()

    def on_mount(self) -> None:
        """Show the first plot."""
        self._show()

    @property
    def plot_count(self) -> int:
        """The number of plots."""
        return len(self._plots)

    @property
    def is_busy(self) -> bool:
        """Whether a plot is being drawn."""
        return self.has_running_load

    def _show(self) -> None:
        plot = self._plots[self._index]
        self.pane.body.show_content(plot.content)
        number = f", {self._index + 1} of {self.plot_count}" if self.plot_count > 1 else ""
        self.pane.show_title(f"{self._title} · {plot.title}{number}")

    @on(ContentWidget.TaskRequested)
    def _run_task(self, message: ContentWidget.TaskRequested) -> None:
        self._tasks.run(message.task)

    @on(ArtifactMessage)
    def _handle_task(self, message: ArtifactMessage) -> None:
        self._tasks.handle(message)
        if isinstance(message, TaskFailed) and not message.task.is_cancelled:
            self.pane.body.show_message(message.reason)

    def action_next_plot(self) -> None:
        self._index = (self._index + 1) % self.plot_count
        self._show()

    def action_copy_plot(self) -> None:
        widget = self.pane.body.widget
        if widget is not None and widget.copy_text is not None:
            self.post_message(CopyText(*widget.copy_text))

    def action_back(self) -> None:
        """Go back to the table."""
        self.dismiss()
