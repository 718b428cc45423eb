"""Apply edits one after another in the background, and show what they did."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Event
from typing import TYPE_CHECKING

from qtui.formatting import format_count
from qtui.recorder import Library
from qtui.tui import keymap
from qtui.tui.load.background import Loader, LoadGroup, MessageStream
from qtui.tui.messages import EditRequested, FinishRequested, PurgeRequested, TagsRequested
from qtui.tui.present.edit_texts import failure_problem, progress_label
from qtui.tui.screens.browser.status_model import StatusModel
from qtui.tui.widgets.status_line import Loading

if TYPE_CHECKING:
    from qtui.recorder.background_edits import BackgroundEdits
    from qtui.recorder.editing.editor import EditResult, EditSteps
    from qtui.recorder.editing.journal import JournalEntry
    from qtui.recorder.editing.purge import PurgePlan
    from qtui.tui.app import QtuiApp
    from qtui.tui.load.edits import EditFinished, EditMessage, EditProgressed


class EditRunner:
    """Runs the edits, undos and redos of a screen in the order in which they were requested."""

    def __init__(
        self,
        library: Library,
        app: QtuiApp,
        loader: Loader,
        status: StatusModel,
        on_edited: Callable[[EditResult], None],
        clock: Callable[[], int],
    ) -> None:
        """`on_edited` is called with the result of each edit."""
        self._library = library
        self._app = app
        self._loader = loader
        self._status = status
        self._on_edited = on_edited
        self._clock = clock
        self._queue: deque[tuple[str, Callable[[BackgroundEdits], EditSteps]]] = deque()
        self._cancel: Event | None = None
        self._release_keys: Callable[[], None] = lambda: None
        """Sends the keys that were queued for a dialog."""

    @property
    def is_running(self) -> bool:
        """Whether an edit is not finished yet."""
        return self._cancel is not None

    def request(self, request: EditRequested | FinishRequested | PurgeRequested | TagsRequested) -> None:
        """Do what a widget requests: apply edits, end stale runs, plan a purge, or read tags."""
        from qtui.tui.load.edits import finish_steps, load_purge_plan, load_tags

        match request:
            case EditRequested():
                self._add(progress_label(request.edits), lambda edits: edits.apply(request.edits, request.command))
            case FinishRequested():
                self._add("ending", lambda edits: finish_steps(edits, self._library, request))
            case PurgeRequested():
                self._load_dialog(LoadGroup.PURGE_PLAN, load_purge_plan(self._library, request.items))
            case TagsRequested():
                self._load_dialog(LoadGroup.EDITED_TAGS, load_tags(self._library, request))

    def undo(self, number: int | None = None) -> None:
        """Undo an edit of the journal, by default the last one."""
        self._add("undoing", lambda edits: edits.undo(number))

    def redo(self, number: int | None = None) -> None:
        """Redo an edit, by default the one that was undone last."""
        self._add("redoing", lambda edits: edits.redo(number))

    def show_journal(self) -> None:
        """Read the journal, and list it."""
        from qtui.tui.load.edits import load_journal

        self._load_dialog(LoadGroup.JOURNAL, load_journal(self._library))

    def _load_dialog(self, group: LoadGroup, messages: MessageStream) -> None:
        """Read what a dialog shows; keys that are typed meanwhile are for the dialog."""
        self._release_keys()
        self._release_keys = self._app.hold_keys()
        self._loader.load(group, messages)

    def cancel(self) -> None:
        """Stop the running edit, and drop those that wait: a database rolls it back, files keep what is changed."""
        self._queue.clear()
        if self._cancel is not None:
            self._cancel.set()

    def _add(self, label: str, make_steps: Callable[[BackgroundEdits], EditSteps]) -> None:
        self._queue.append((label, make_steps))
        if not self.is_running:
            self._start_next()

    def _start_next(self) -> None:
        self._cancel = None
        if self._queue:
            from qtui.tui.load.edits import load_edit

            label, make_steps = self._queue.popleft()
            self._cancel = Event()
            self._loader.load(LoadGroup.EDIT, load_edit(make_steps, self._library, label, self._cancel))

    def handle(self, message: EditMessage) -> None:
        """Show the progress or the end of an edit, or use what was read."""
        from qtui.tui.load.edits import (
            EditFailed,
            EditFinished,
            EditProgressed,
            JournalLoaded,
            PurgePlanned,
            TagsLoaded,
        )

        match message:
            case EditProgressed():
                self._show_progress(message)
            case EditFinished():
                self._status.set_progress(LoadGroup.EDIT, None)
                self._show_result(message)
                self._on_edited(message.result)
                self._start_next()
            case EditFailed():
                self._status.set_progress(LoadGroup.EDIT, None)
                self._app.show_notice(message.reason, severity="error")
                self._start_next()
            case PurgePlanned():
                self._ask_purge(message.plan)
                self._release_keys()
            case JournalLoaded():
                self._show_journal(message.entries)
                self._release_keys()
            case TagsLoaded():
                message.request.on_loaded(message.tags)
                self._release_keys()

    def _show_progress(self, message: EditProgressed) -> None:
        """Show the progress, and the key that cancels the rest."""
        label = f"{message.label} ({self._keys('{back} cancels')})"
        self._status.set_progress(LoadGroup.EDIT, Loading(label, message.done, message.total))

    def _ask_purge(self, plan: PurgePlan) -> None:
        """Ask whether to remove what the plan lists for good."""
        from qtui.tui.load.edits import purge_steps
        from qtui.tui.screens.dialogs.purge_dialog import PurgeDialog

        def purge(confirmed: bool | None) -> None:
            if confirmed:
                self._add("purging", lambda edits: purge_steps(edits, plan))

        self._app.push_screen(PurgeDialog(plan), purge)

    def _show_journal(self, entries: tuple[JournalEntry, ...]) -> None:
        """List the edits, and undo or redo the chosen one."""
        from qtui.tui.screens.dialogs.journal_dialog import JournalDialog

        def revert(entry: JournalEntry | None) -> None:
            if entry is not None:
                (self.redo if entry.state == "undone" else self.undo)(entry.number)

        self._app.push_screen(JournalDialog(entries, self._clock()), revert)

    def _show_result(self, message: EditFinished) -> None:
        result = message.result
        hint = ""
        if result.entry and result.targets:
            hint = self._keys(" · {undo} undo" if result.entry.state == "done" else " · {redo} redo")
        summary = f"Cancelled. {result.summary}" if result.was_cancelled else result.summary
        failures = [failure_problem(failure) for failure in result.failures]
        if not failures:
            self._app.show_notice(summary + hint, severity="warning" if result.was_cancelled else "information")
            return
        from qtui.tui.screens.problems import KEYS_HINT, ProblemsScreen

        title = f"{summary}. {format_count(len(failures), 'failure')}:"
        self._app.show_notice(summary + hint, severity="warning")
        self._app.push_screen(ProblemsScreen(failures, title, KEYS_HINT))

    def _keys(self, text: str) -> str:
        return keymap.fill_keys(text, self._app.keys)
