"""Run the tasks of content widgets in the background."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from qtui.tui.load.artifact import ArtifactMessage, TaskFailed, TaskFinished, TaskProgressed, run_task
from qtui.tui.load.background import Loader, LoadGroup

if TYPE_CHECKING:
    from qtui.tui.widgets.artifact import ContentTask


class TaskRunner:
    """Runs one task of a content at a time, and gives the answers to the widget of the task."""

    def __init__(self, loader: Loader, group: LoadGroup = LoadGroup.ARTIFACT_TASK) -> None:
        self._loader = loader
        self._group = group
        self.lock = Lock()
        """Held while a task calls the content."""

    def run(self, task: ContentTask[Any]) -> None:
        """Run a task; a newer task of the same name replaces it."""
        self._loader.load(self._group, run_task(task, self.lock), part=task.name)

    def handle(self, message: ArtifactMessage) -> None:
        """Give the progress, the result or the failure of a task to its widget."""
        match message:
            case TaskProgressed(task=task):
                task.progress = message.progress
                if not task.is_cancelled:
                    task.owner.changed()
            case TaskFinished(task=task):
                task.owner.finish_task(task, message.result)
            case TaskFailed(task=task):
                task.owner.fail_task(task, message.reason)
