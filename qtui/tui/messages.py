"""Messages that any widget can post to its screen or to the app."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from textual.message import Message

from qtui.query.ast import Field, OrderBy
from qtui.tui.present.choices import Choice
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.artifacts.tables.column_plots import TablePlot
    from qtui.entities import RunInfo
    from qtui.plot.curves.chart_options import ChartOptions
    from qtui.runs.table_layout import TableLayout
    from qtui.store.edits import Edit, Item
    from qtui.tui.present.charts.chart_spec import ChartSpec
    from qtui.tui.present.charts.grid_spec import GridSpec
    from qtui.tui.present.compare.compare_selection import CompareSelection
    from qtui.tui.present.tag_editor import TagEditor
    from qtui.tui.state import StoreState

Answer = TypeVar("Answer")
Value = TypeVar("Value")


@dataclass
class CopyText(Message):
    """Copy text to the clipboard; `what` names it in the notice."""

    text: str
    what: str


@dataclass
class ShowValue(Message):
    """Show a value in full; with another value, the parts that differ from it are highlighted."""

    key: str
    value: str
    other: str | None = None


@dataclass
class ShowPlots(Message):
    """Show plots of the columns of a table, one at a time; `title` names the columns."""

    title: str
    plots: tuple[TablePlot, ...]


@dataclass
class CopyExport(Message):
    """Make a text in the background and copy it; one that does not fit the clipboard is refused, not cut."""

    make_text: Callable[[], str]
    what: str


@dataclass
class SaveFile(Message):
    """Ask where to save a file, make its text in the background, and write it."""

    title: str
    """The title of the dialog."""

    name: str
    """The suggested file name without its suffix, in any characters."""

    suffix: str
    """The suffix without the dot, such as `csv`."""

    make_text: Callable[[], str]
    what: str
    """The content of the file, for the notice: "37 lines"."""


@dataclass(kw_only=True)
class DialogRequest(Message, Generic[Answer]):
    """Open a dialog over the screen. The app calls back with the answer, or calls `on_cancel`.

        self.post_message(AskText("Save this view as", placeholder="a name", on_answer=self._save_view))

    A widget posts one of the subclasses, so that it need not import a screen.
    """

    on_answer: Callable[[Answer], object]
    on_cancel: Callable[[], object] | None = None


@dataclass
class AskText(DialogRequest[str]):
    """Ask for a line of text; `problem` says why a text is not accepted."""

    title: str
    value: str = ""
    placeholder: str = ""
    problem: Callable[[str], str | None] | None = None


@dataclass
class ChooseOne(DialogRequest[Value]):
    """Ask for one of the choices."""

    title: str
    choices: Sequence[Choice[Value]]
    chosen: Value | None = None
    placeholder: str = ""


@dataclass
class ChooseSeveral(DialogRequest[tuple[Value, ...]]):
    """Ask for any number of the choices, in an order of the user's."""

    title: str
    choices: Sequence[Choice[Value]]
    chosen: Sequence[Value] = ()
    placeholder: str = ""


@dataclass
class ChooseOrder(DialogRequest[tuple[OrderBy, ...]]):
    """Ask for the columns to sort by; the dialog starts with the order of `layout` and the cursor on `field`."""

    choices: Sequence[Choice[Field]]
    layout: TableLayout
    field: Field | None = None


@dataclass
class ChooseView(DialogRequest[str]):
    """Ask for a saved view by name; the dialog can delete views too, and `on_cancel` is called after that as well."""

    state: StoreState


@dataclass
class Confirm(DialogRequest[bool]):
    """Ask whether to go on; `on_answer` is called only with True. With `needs_yes` the enter key is no answer."""

    title: str
    text: str
    needs_yes: bool = False


@dataclass
class AskTags(DialogRequest[Mapping[str, str | None]]):
    """Ask for the tags to set, and those to remove, whose new value is None."""

    title: str
    editor: TagEditor


@dataclass
class AskNote(DialogRequest[str]):
    """Ask for a note in Markdown; `warning` says what it would replace."""

    title: str
    text: str
    warning: str = ""


@dataclass
class OpenChart(Message):
    """Open a large chart of metrics; `options` are those of the chart that was opened."""

    spec: ChartSpec
    options: ChartOptions | None = None


@dataclass
class OpenGrid(Message):
    """Open a screen with a small chart of each metric."""

    spec: GridSpec


@dataclass
class OpenComparison(Message):
    """Open a screen that compares runs."""

    selection: CompareSelection


@dataclass
class GoToRun(Message):
    """Close the screen and move the cursor of the runs table to a run."""

    run_id: str


@dataclass
class FilterRuns(Message):
    """Close the screen and filter the runs table."""

    text: str


@dataclass
class OpenArtifact(Message):
    """Open the viewer of an artifact; `files` are the files of the run that it can go to, in their order."""

    run: RunInfo
    path: str
    files: tuple[str, ...]


@dataclass
class OpenResume(Message):
    """Open the dialog that resumes a run."""

    run: RunInfo


@dataclass
class DownloadArtifacts(Message):
    """Ask for a folder and download artifacts of runs into it."""

    runs: tuple[RunInfo, ...]
    path: str
    """The file or folder; all artifacts if it is empty."""


@dataclass
class CopyLocation(Message):
    """Copy the local path or the URI of an artifact, or a command that copies it to another machine."""

    run: RunInfo
    path: str
    as_scp: bool = False


@dataclass
class EditRequested(Message):
    """Apply edits as one entry of the journal, which `command` names there."""

    edits: tuple[Edit, ...]
    command: str = "screen"


@dataclass
class FinishRequested(Message):
    """End stale runs with a status, those without a process on this host."""

    runs: tuple[RunInfo, ...]
    status: str


@dataclass
class PurgeRequested(Message):
    """List what a purge of deleted runs or experiments would remove, and ask whether to remove it."""

    items: tuple[Item, ...]


@dataclass
class TagsRequested(Message):
    """Read the tags of runs, and call back with them by run ID."""

    runs: tuple[RunInfo, ...]
    on_loaded: Callable[[Mapping[str, Mapping[str, str]]], object]


@dataclass
class VisibleChartsChanged(Message):
    """Other small charts are visible: load the new points of these metrics."""

    runs: tuple[RunInfo, ...]
    metrics: tuple[str, ...]


@dataclass
class PinsChanged(Message):
    """The pinned charts have changed."""

    pins: tuple[str, ...]
