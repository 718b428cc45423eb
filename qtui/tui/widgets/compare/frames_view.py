"""The tables in the artifacts of two of the compared runs, beside each other row by row."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from qtui.artifacts.content import TableContent
from qtui.artifacts.qlib_files.compared_results import PREDICTIONS
from qtui.artifacts.tables.frame_table import FrameTable
from qtui.compare.joined_frames import join_frames
from qtui.compare.run_comparison import RunComparison
from qtui.entities import RunInfo
from qtui.errors import ArtifactUnreadable, QtuiError
from qtui.text import display
from qtui.tui.commands.compare import ChooseTable
from qtui.tui.commands.compare_plots import ChoosePlotAxis
from qtui.tui.messages import ChooseOne
from qtui.tui.present.choices import Choice
from qtui.tui.widgets.artifact.body import ArtifactBody
from qtui.tui.widgets.artifact.content_widget import ContentTask, ContentWidget, TaskSteps
from qtui.tui.widgets.artifact.table_widget import TableWidget
from qtui.tui.widgets.compare.pair_view import PairView, is_table_path, read_frame
from qtui.tui.widgets.compare.view import ArtifactReader

READING = "Reading the tables …"


class PairedTables(NamedTuple):
    """The tables that two runs have at the same paths, and one of them in both runs."""

    paths: tuple[str, ...]
    path: str
    content: TableContent | None
    text: str
    """A summary of the common rows of both tables, or the reason why there is no content."""


class FramesView(PairView):
    """Shows the equal columns of a table of two runs beside each other, with their difference and correlation."""

    OWN_COMMANDS = (ChooseTable, ChoosePlotAxis)
    DEFAULT_CSS = """
    FramesView { layout: vertical; }
    FramesView > #summary { height: auto; max-height: 5; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.paths: tuple[str, ...] = ()
        """The tables to choose from."""
        self._path = ""
        """The path that the user chose; empty for the predictions, or else the first table."""
        self._request: tuple[tuple[RunInfo, RunInfo], str] | None = None
        self._summary = Static(READING, id="summary")
        self._body = ArtifactBody()

    def compose(self) -> ComposeResult:
        """Compose the summary of the columns, and the table."""
        self._body.ascii_only = self.ascii_only
        yield self._summary
        yield self._body

    # The view

    def show_comparison(self, comparison: RunComparison) -> None:
        """Show a comparison; the tables are read again for other runs."""
        super().show_comparison(comparison)
        self._read_tables()

    @property
    def table(self) -> ContentWidget | None:
        """The widget of the table; None before the first one is read."""
        return self._body.widget

    @property
    def focus_target(self) -> Widget:
        return self.table or self

    @property
    def is_waiting(self) -> bool:
        """Whether the tables or the visible rows are being read."""
        table = self._body.widget
        is_loading = isinstance(table, TableWidget) and (not table.viewport.height or table.is_running_task("window"))
        return self.long_task is not None or is_loading

    @property
    def long_task(self) -> ContentTask[object] | None:
        """The running task that the user waits for: of the view, or of its table."""
        return super().long_task or (self.table.long_task if self.table else None)

    @property
    def position(self) -> str:
        """The file, and the position in its table."""
        return " · ".join(filter(None, (self._path, self.table.position if self.table else "")))

    @property
    def why_no_search(self) -> str | None:
        return self.table.why_no_search if self.table else "There is no table."

    def search(self, text: str) -> None:
        if self.table:
            self.table.search(text)

    @on(ContentWidget.StateChanged)
    def _follow_table(self, event: ContentWidget.StateChanged) -> None:
        if event.widget is self.table:
            event.stop()
            self.notice = self.table.notice
            self._body.show_side()
            self.changed()

    # Reading

    def _read_tables(self) -> None:
        if self.pair is not None and self.artifacts is not None and self._request != (self.pair, self._path):
            self._request = self.pair, self._path
            names = display(self.pair_names[0]), display(self.pair_names[1])
            steps = partial(_read_steps, self.artifacts, self.pair, names, self._path)
            self.run_task("tables", steps, self._show_tables, "reading tables")

    def _show_tables(self, tables: PairedTables) -> None:
        self.paths, self._path = tables.paths, tables.path
        self._request = (self.pair, self._path) if self.pair else None
        self._summary.update(Content(display(tables.text, one_line=False)))
        has_focus = self.has_focus or self.has_focus_within
        self._body.clear()
        if tables.content is not None:
            self._body.show_content(tables.content)
        if has_focus:
            self.screen.set_focus(self.focus_target)
        self.refresh_bindings()

    def action_choose_table(self) -> None:
        choices = [Choice(path, display(path)) for path in self.paths]

        def use(path: str) -> None:
            self._path = path
            self._read_tables()

        self.post_message(ChooseOne("Table", choices, self._path, on_answer=use).set_sender(self))


def _read_steps(
    artifacts: ArtifactReader, pair: tuple[RunInfo, RunInfo], names: tuple[str, str], path: str
) -> TaskSteps[PairedTables]:
    """List the tables that both runs have, and read one of them: the chosen one, or else the predictions."""
    yield None
    first = artifacts.sizes(pair[0])
    yield None
    second = artifacts.sizes(pair[1])
    paths = tuple(path for path in sorted(first) if path in second and is_table_path(path))
    if not paths:
        return PairedTables((), "", None, "Both runs need a table at the same path: a pickled frame, CSV or Parquet.")
    predictions = (path for path in paths if path.rpartition("/")[2] == PREDICTIONS)
    chosen = path if path in paths else next(predictions, paths[0])
    frames = []
    for info, name in zip(pair, names, strict=True):
        yield None
        try:
            frame = read_frame(artifacts, info, chosen)
        except (QtuiError, OSError, ValueError) as error:
            return PairedTables(paths, chosen, None, f"{chosen} of {name}: {error}")
        if frame is None:
            return PairedTables(paths, chosen, None, f"{chosen} of {name} is no table.")
        frames.append(frame)
    yield None
    try:
        joined = join_frames(frames[0], frames[1], names)
    except ArtifactUnreadable as error:
        return PairedTables(paths, chosen, None, str(error))
    return PairedTables(paths, chosen, FrameTable(joined.frame), "\n".join(joined.sentences()))
