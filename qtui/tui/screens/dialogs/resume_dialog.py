"""The dialog that resumes a run: what the run was, what has changed since, and the ways to go on."""

from __future__ import annotations

from enum import Enum

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from qtui.entities import RunInfo
from qtui.errors import QtuiError
from qtui.recorder import Library
from qtui.recorder.resume.code_changes import CodeChanges, code_changes
from qtui.recorder.resume.origin import RunOrigin, run_origin
from qtui.recorder.resume.origin_rows import origin_rows
from qtui.recorder.resume.run_sessions import reason_not_to_run
from qtui.text import display, pad, truncate
from qtui.tui.present.choices import Choice
from qtui.tui.screens.dialogs.choice_dialog import ChoiceDialog
from qtui.tui.screens.dialogs.dialog import MAX_BOX_CELLS, PADDING_CELLS
from qtui.value_classes import dataclass

LABEL_CELLS = 11


class ResumeAction(Enum):
    """A way to go on with a run."""

    RUN_INSIDE = "Run the command inside this run"
    RUN_NEW = "Run the command in a new run"
    PROMPT = "Open a Python prompt with R on this run"
    COPY_SHELL = "Copy the shell line"
    COPY_PYTHON = "Copy the Python lines for R"
    COPY_MLFLOW = "Copy the Python lines for MLflow"


COMMAND_ACTIONS = (ResumeAction.RUN_INSIDE, ResumeAction.RUN_NEW)
COPIES = (ResumeAction.COPY_SHELL, ResumeAction.COPY_PYTHON, ResumeAction.COPY_MLFLOW)


@dataclass
class OriginLoaded(Message):
    """The origin of the run was read; `why_not_run` says why no command can run."""

    origin: RunOrigin
    why_not_run: str = ""


@dataclass
class CodeChangesLoaded(Message):
    """The folder of the run was examined."""

    changes: CodeChanges


@dataclass
class OriginFailed(Message):
    """The run could not be read."""

    reason: str


class ResumeDialog(ChoiceDialog[ResumeAction]):
    """Shows the origin of a run and asks how to go on with it; the run is read in the background."""

    DEFAULT_CSS = """
    ResumeDialog #origin { height: auto; margin-bottom: 1; }
    ResumeDialog.-short #origin { margin-bottom: 0; }
    """
    EXTRA_LINES = 9

    def __init__(self, library: Library, info: RunInfo) -> None:
        super().__init__(f"Resume {info.name or info.run_id}", resume_choices(None))
        self.origin = RunOrigin()
        """The origin of the run, once it is read."""
        self._library = library
        self._info = info
        self._changes: CodeChanges | None = None

    def body(self) -> list[Widget]:
        return [Static("Reading the run …", id="origin"), *super().body()]

    def on_mount(self) -> None:
        """Start reading the run."""
        self.run_worker(self._load, thread=True, exit_on_error=False)

    def _load(self) -> None:
        try:
            origin = run_origin(self._library.run(self._info))
            why_not = reason_not_to_run(self._library)
        except QtuiError as error:
            self.post_message(OriginFailed(str(error)))
            return
        self.post_message(OriginLoaded(origin, why_not))
        self.post_message(CodeChangesLoaded(code_changes(origin)))

    @on(OriginLoaded)
    def _show_origin(self, message: OriginLoaded) -> None:
        self.origin = message.origin
        self.search(resume_choices(message))
        self._render_origin()

    @on(CodeChangesLoaded)
    def _show_changes(self, message: CodeChangesLoaded) -> None:
        self._changes = message.changes
        self._render_origin()

    @on(OriginFailed)
    def _show_failure(self, message: OriginFailed) -> None:
        self.query_one("#origin", Static).update(Content(display(message.reason, one_line=False)))

    def on_resize(self) -> None:
        """Fit the texts to the width."""
        if self.origin != RunOrigin():
            self._render_origin()

    def _render_origin(self) -> None:
        cells = min(MAX_BOX_CELLS, self.size.width) - PADDING_CELLS
        lines = [
            Content.assemble((pad(label, LABEL_CELLS), "$text-muted"), truncate(display(text), cells - LABEL_CELLS))
            for label, text in origin_rows(self.origin, self._changes)
        ]
        self.query_one("#origin", Static).update(Content("\n").join(lines))


def resume_choices(loaded: OriginLoaded | None) -> list[Choice[ResumeAction]]:
    """Return the choices; those that do not work say why."""
    if loaded is None:
        return [Choice(action, action.value, why_not="The run is being read.") for action in ResumeAction]
    no_command = "" if loaded.origin.command else "The run has no recorded command."
    choices = []
    for action in ResumeAction:
        reason = "" if action in COPIES else loaded.why_not_run
        if action in COMMAND_ACTIONS:
            reason = reason or no_command
        choices.append(Choice(action, action.value, why_not=reason or None))
    return choices
