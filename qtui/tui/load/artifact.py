"""Load an artifact for the viewer: open the file, open a view of it, run the tasks of its widget."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any

from textual.message import Message

from qtui import crash, settings
from qtui.cancellation import Cancelled, ProgressTimer, cancelled_when
from qtui.entities import RunInfo
from qtui.errors import QtuiError
from qtui.recorder import Library
from qtui.tui.load.background import MessageStream
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.artifacts.content import Content
    from qtui.artifacts.private_copy import PrivateCopy
    from qtui.artifacts.viewer import View
    from qtui.artifacts.viewers import Views
    from qtui.store.artifacts.remote_copy import FetchProgress
    from qtui.tui.widgets.artifact import ContentTask


class ArtifactMessage(Message):
    """An answer for an `ArtifactLoader`."""


@dataclass
class ArtifactOpened(ArtifactMessage):
    """A file was opened, and its views are known."""

    request_id: int
    size: int
    views: Views


@dataclass
class FetchProgressed(ArtifactMessage):
    """Bytes of a remote file have arrived; `request_id` is the request that opened the file."""

    request_id: int
    progress: FetchProgress


@dataclass
class ContentOpened(ArtifactMessage):
    """A view was opened; tasks of the content acquire `lock`."""

    request_id: int
    content: Content
    lock: Lock


@dataclass
class CopyMade(Message):
    """A file was copied for another program."""

    copy: PrivateCopy


@dataclass
class OpenFailed(ArtifactMessage):
    """A file or a view of it could not be opened."""

    request_id: int
    reason: str


@dataclass
class TaskProgressed(ArtifactMessage):
    """A part of a task is done."""

    task: ContentTask[Any]
    progress: float | None


@dataclass
class TaskFinished(ArtifactMessage):
    """A task has returned its result."""

    task: ContentTask[Any]
    result: Any


@dataclass
class TaskFailed(ArtifactMessage):
    """A task has failed."""

    task: ContentTask[Any]
    reason: str


def remote_limit() -> int:
    """Return the maximum bytes of a remote artifact that are fetched to show it."""
    return settings.current().cache.limit_mb << 20


def load_artifact(
    library: Library, run: RunInfo, path: str, request_id: int, post: Callable[[Message], object]
) -> MessageStream:
    """Open a file; of a remote one parts are fetched as they are read, and `post` gets the progress."""
    from qtui.artifacts.remote_source import open_source
    from qtui.artifacts.viewers import views_of

    def report(progress: FetchProgress) -> None:
        post(FetchProgressed(request_id, progress))

    try:
        source = open_source(library, run, path, limit=remote_limit(), on_progress=report)
        views = views_of(source)
        yield ArtifactOpened(request_id, source.size, views)
    except Exception as error:
        yield OpenFailed(request_id, failure_reason(error))


def load_private_copy(library: Library, run: RunInfo, path: str) -> MessageStream:
    """Copy a file for another program; raises QtuiError."""
    from qtui.artifacts.private_copy import PrivateCopy
    from qtui.artifacts.remote_source import open_source

    with open_source(library, run, path, limit=remote_limit()) as source:
        yield CopyMade(PrivateCopy(source))


def load_content(view: View, request_id: int) -> MessageStream:
    """Open a view of a file."""
    try:
        yield ContentOpened(request_id, view.open(), Lock())
    except Exception as error:
        yield OpenFailed(request_id, failure_reason(error))


def run_task(task: ContentTask[Any], lock: Lock) -> MessageStream:
    """Run a task step by step until it has finished or is cancelled; only one task of a content works at a time."""
    steps = task.steps()
    timer = ProgressTimer()
    while not task.is_cancelled:
        try:
            with lock, cancelled_when(lambda: task.is_cancelled):
                progress = next(steps)
        except Cancelled:
            break
        except StopIteration as end:
            yield TaskFinished(task, end.value)
            return
        except Exception as error:
            yield TaskFailed(task, failure_reason(error))
            return
        if task.label and timer.is_due():
            yield TaskProgressed(task, progress)
    steps.close()


def failure_reason(error: Exception) -> str:
    """Return why something failed as a sentence for the user."""
    if isinstance(error, QtuiError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"The artifact cannot be read: {error.strerror}."
    return crash.save_report(error)
