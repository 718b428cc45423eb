"""The runner of tasks gives each answer to the widget of its task."""

from __future__ import annotations

from typing import Any
from unittest.mock import MagicMock

from qtui.tui.load.artifact import TaskFailed, TaskFinished, TaskProgressed
from qtui.tui.load.background import LoadGroup
from qtui.tui.screens.task_runner import TaskRunner
from qtui.tui.widgets.artifact.content_widget import ContentTask
from tests.unit.tui.fakes import FakeLoader


def task_of(owner: MagicMock, steps: Any) -> ContentTask[Any]:
    return ContentTask(owner, "sum", steps, owner.use)


def test_the_result_of_a_task_goes_to_its_widget() -> None:
    def steps() -> Any:
        yield 0.5
        return 3

    loader, owner = FakeLoader(), MagicMock()
    runner = TaskRunner(loader, LoadGroup.REPORT)
    task = task_of(owner, steps)
    runner.run(task)
    (message,) = loader.run(LoadGroup.REPORT)
    assert isinstance(message, TaskFinished)
    runner.handle(message)
    owner.finish_task.assert_called_once_with(task, 3)


def test_the_failure_of_a_task_goes_to_its_widget() -> None:
    owner = MagicMock()
    task = task_of(owner, MagicMock())
    TaskRunner(FakeLoader()).handle(TaskFailed(task, "no disk"))
    owner.fail_task.assert_called_once_with(task, "no disk")


def test_progress_is_shown_until_the_task_is_cancelled() -> None:
    owner = MagicMock()
    task = task_of(owner, MagicMock())
    runner = TaskRunner(FakeLoader())
    runner.handle(TaskProgressed(task, 0.5))
    task.is_cancelled = True
    runner.handle(TaskProgressed(task, 0.7))
    assert task.progress == 0.7
    owner.changed.assert_called_once_with()
