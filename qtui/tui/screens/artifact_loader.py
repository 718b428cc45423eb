"""Load an artifact and its views into an ArtifactBody, for the viewer and for the preview."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qtui.entities import RunInfo
from qtui.recorder import Library
from qtui.tui.load.artifact import (
    ArtifactMessage,
    ArtifactOpened,
    ContentOpened,
    FetchProgressed,
    OpenFailed,
    TaskFailed,
    load_artifact,
    load_content,
)
from qtui.tui.load.background import Loader, LoadGroup
from qtui.tui.screens.task_runner import TaskRunner

if TYPE_CHECKING:
    from qtui.artifacts.viewer import View
    from qtui.tui.widgets.artifact import ArtifactBody


class ArtifactLoader:
    """Opens files and views in the background; answers to earlier requests are dropped."""

    def __init__(self, library: Library, loader: Loader, body: ArtifactBody, on_change: Callable[[], None]) -> None:
        """`on_change` is called when another view is opened or an opening fails."""
        self._library = library
        self._loader = loader
        self._body = body
        self._on_change = on_change
        self._request_id = 0
        self._file_request_id = 0
        """The request that opened the present file."""
        self.tasks = TaskRunner(loader)
        self._preferred_title = ""
        self.size: int | None = None
        self.kind = ""
        self.views: tuple[View, ...] = ()
        self.view_index = 0

    @property
    def view_title(self) -> str:
        """The title of the present view; empty before the file is open."""
        return self.views[self.view_index].title if self.views else ""

    def open(self, run: RunInfo, path: str, preferred_title: str = "") -> None:
        """Open a file in the view with the preferred title if it has one, else in the best one."""
        self._preferred_title = preferred_title
        self._request_id += 1
        self._file_request_id = self._request_id
        self.views, self.size, self.kind, self.view_index = (), None, "", 0
        messages = load_artifact(self._library, run, path, self._request_id, self._loader.post_message)
        self._loader.load(LoadGroup.ARTIFACT_FILE, messages)

    def show_view(self, index: int) -> None:
        """Open a view of the file."""
        self._request_id += 1
        self.view_index = index
        self._loader.load(LoadGroup.ARTIFACT_FILE, load_content(self.views[index], self._request_id))
        self._on_change()

    def close(self) -> None:
        """Drop the answers that are still to come."""
        self._request_id += 1
        self._file_request_id = 0

    # Answers

    def handle(self, message: ArtifactMessage) -> None:
        """Handle an answer, unless it belongs to an earlier request."""
        match message:
            case ArtifactOpened() if message.request_id == self._request_id:
                self._show_opened(message)
            case ContentOpened() if message.request_id == self._request_id:
                self._show_content(message)
            case OpenFailed() if message.request_id == self._request_id:
                self._show_failure(message)
            case FetchProgressed() if message.request_id == self._file_request_id:
                self._body.show_fetch_progress(message.progress.text)
            case TaskFailed() if self._body.widget is not None and not message.task.is_cancelled:
                self.tasks.handle(message)
                if message.task.name == "window":  # Without any rows to show, instead of the content.
                    self._body.show_message(message.reason)
            case _:
                self.tasks.handle(message)

    def _show_opened(self, message: ArtifactOpened) -> None:
        """Open a view of a file that was opened."""
        self.size, self.kind, self.views = message.size, message.views.kind, message.views.views
        titles = [view.title for view in self.views]
        self.show_view(titles.index(self._preferred_title) if self._preferred_title in titles else 0)

    def _show_content(self, message: ContentOpened) -> None:
        """Show the content of a view."""
        self.tasks.lock = message.lock
        self._body.show_content(message.content)
        self._on_change()

    def _show_failure(self, message: OpenFailed) -> None:
        """Show why a file or a view cannot be opened."""
        self._body.clear()
        self._body.show_message(message.reason)
        self._on_change()
