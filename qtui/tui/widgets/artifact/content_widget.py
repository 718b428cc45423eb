"""The base of the widgets that show contents: tasks in the background, position and search."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

from textual.message import Message
from textual.widget import Widget

from qtui.plot.pieces import Row
from qtui.tui.commands import CommandHost
from qtui.tui.terminal.terminal_images import TerminalImages
from qtui.value_classes import dataclass

Result = TypeVar("Result")

TaskSteps: TypeAlias = Generator[float | None, None, Result]
"""The steps of a task: yields the part that is done, or None, at short intervals, and returns the result."""


class ContentTask(Generic[Result]):
    """Work on a content in a background thread, which can be cancelled between two steps."""

    def __init__(
        self,
        owner: ContentWidget,
        name: str,
        steps: Callable[[], TaskSteps[Result]],
        on_result: Callable[[Result], None],
        label: str = "",
    ) -> None:
        self.owner = owner
        """The widget that gets the result."""
        self.name = name
        self.steps = steps
        self.on_result = on_result
        self.label = label
        """Names the task for the user while it runs, such as `searching`; empty for a short one."""
        self.progress: float | None = None
        self.is_cancelled = False


class ContentWidget(CommandHost, Widget, can_focus=True):
    """The base of the widgets that show a content; the owner runs their tasks and returns the results."""

    ALLOW_SELECT: ClassVar[bool] = False
    DEFAULT_CSS = """
    ContentWidget { height: 1fr; background: transparent; }
    """

    @dataclass
    class StateChanged(Message):
        """The position, the state of a search or the progress of a task has changed."""

        widget: ContentWidget

    @dataclass
    class TaskRequested(Message):
        """A request to run a task in the background."""

        task: ContentTask[Any]

    def __init__(self) -> None:
        super().__init__()
        self.ascii_only = False
        """Whether pictures are drawn in ASCII."""
        self.images = TerminalImages()
        """The images on the terminal, and the way to draw them."""
        self._tasks: dict[str, ContentTask[Any]] = {}
        self.notice = ""
        """The outcome of the last command, such as that nothing matches."""
        self.fetch_progress = ""
        """How much has arrived of the remote bytes that a task waits for; empty if none does."""
        self.side_rows: tuple[Row, ...] = ()
        """Rows beside the content, such as the statistics of a column; empty for nothing."""

    def watch_virtual_size(self) -> None:
        """Fit the content into a new size.

        Textual posts no Resize event for the first layout of a new widget whose region was read before that layout, as
        it is when the widget gets the focus at once.
        """
        self.fit_size()

    def fit_size(self) -> None:
        """Lay out the content for the present size."""

    @property
    def position(self) -> str:
        """The position of the cursor in words, such as `line 3 of 20`."""
        return ""

    @property
    def long_task(self) -> ContentTask[Any] | None:
        """The running task that the user waits for, if there is one."""
        return next((task for task in self._tasks.values() if task.label or self.fetch_progress), None)

    @property
    def copy_text(self) -> tuple[str, str] | None:
        """The text under the cursor and its name for the notice; None if there is nothing to copy."""
        return None

    def search(self, text: str) -> None:
        """Search for a text from the cursor on while the user types it; empty to end the search."""

    def find_next(self, step: int) -> None:
        """Go to the next match, or with a negative step to the previous one."""

    @property
    def why_no_search(self) -> str | None:
        """Why this content cannot be searched; None if it can."""
        return "This view cannot be searched."

    def read_appended(self) -> None:
        """Show the rows that were added to a growing file."""

    def run_task(
        self,
        name: str,
        steps: Callable[[], TaskSteps[Result]],
        on_result: Callable[[Result], None],
        label: str = "",
    ) -> None:
        """Run a task in the background; it replaces a task of the same name that is running."""
        self.cancel_task(name)
        task = self._tasks[name] = ContentTask(self, name, steps, on_result, label)
        # The default sender is the widget whose handler runs: if it is the parent, the message would stop there.
        self.post_message(self.TaskRequested(task).set_sender(self))

    def is_running_task(self, name: str) -> bool:
        """Return whether a task of this name is running."""
        return name in self._tasks

    def cancel_task(self, name: str) -> None:
        """Cancel the task of this name, if it is running."""
        task = self._tasks.pop(name, None)
        if task is not None:
            self.fetch_progress = ""
            task.is_cancelled = True

    def cancel_long_task(self) -> bool:
        """Cancel the task that the user waits for; return whether there was one."""
        task = self.long_task
        if task is None:
            return False
        self.cancel_task(task.name)
        self.changed()
        return True

    def finish_task(self, task: ContentTask[Result], result: Result) -> None:
        """Use the result of a task, unless it was cancelled or replaced."""
        if self._tasks.get(task.name) is task:
            del self._tasks[task.name]
            self.fetch_progress = ""
            task.on_result(result)
            self.changed()

    def fail_task(self, task: ContentTask[Any], reason: str) -> None:
        """Show why a task failed, unless it was cancelled or replaced."""
        if self._tasks.get(task.name) is task:
            del self._tasks[task.name]
            self.fetch_progress = ""
            self.notice = reason
            self.changed()

    def show_fetch_progress(self, text: str) -> None:
        """Show how much has arrived, if a task waits for it."""
        if self._tasks:
            self.fetch_progress = text
            self.changed()

    def changed(self) -> None:
        """Post that the state has changed."""
        if self.is_attached:
            self.post_message(self.StateChanged(self))

    def on_unmount(self) -> None:
        """Cancel all tasks."""
        for name in tuple(self._tasks):
            self.cancel_task(name)
