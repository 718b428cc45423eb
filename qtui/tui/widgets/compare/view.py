"""The base of the widgets that show a comparison, and their entry in the registry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Protocol

from textual.widget import Widget

from qtui.compare.run_comparison import ComparedRow, RunComparison
from qtui.entities import RunInfo
from qtui.tui.widgets.artifact.content_widget import ContentWidget
from qtui.value_classes import dataclass


class ArtifactReader(Protocol):
    """Lists and reads the artifacts of runs; called in background threads."""

    def files(self, info: RunInfo, folder: str) -> Sequence[str]:
        """Return the paths of the files in a folder; none if it cannot be listed."""

    def sizes(self, info: RunInfo) -> dict[str, int | None]:
        """Return the size in bytes of every file of a run; raises QtuiError if they cannot be listed."""

    def content(self, info: RunInfo, path: str, limit: int) -> bytes:
        """Return the first bytes of a file, at most `limit`; raises QtuiError or OSError."""

    def read_pickle(self, info: RunInfo, path: str) -> Any:
        """Return the value of a pickle; raises ArtifactUnreadable or another QtuiError."""


class CompareWidget(ContentWidget):
    """Base of the widgets that show a comparison; the pane gives it again after each change."""

    def __init__(self) -> None:
        super().__init__()
        self.comparison = RunComparison()
        self.artifacts: ArtifactReader | None = None
        """Reads the artifacts of the runs, for views that show results."""

    def show_comparison(self, comparison: RunComparison) -> None:
        """Show a comparison; a subclass keeps its cursor where the comparison has only changed."""
        self.comparison = comparison

    @property
    def compared_row(self) -> ComparedRow | None:
        """The row under the cursor; None if the view has no cursor on one."""
        return None

    @property
    def compared_run(self) -> int | None:
        """The run under the cursor, an index into the frame; None if the view has no cursor on one."""
        return None

    @property
    def is_waiting(self) -> bool:
        """Whether the view is not drawn in its size yet, or a task that the user waits for is running."""
        return self.long_task is not None

    has_sentences: ClassVar[bool] = False
    """Whether the position is a sentence, which may need several lines."""

    @property
    def exported_rows(self) -> Sequence[ComparedRow]:
        """The rows that an export writes."""
        return self.comparison.rows

    @property
    def focus_target(self) -> Widget:
        """The widget that gets the focus: the view itself, or one inside it."""
        return self


@dataclass(frozen=True, slots=True)
class CompareView:
    """A view of the comparison."""

    name: str
    make_widget: Callable[[], CompareWidget]
    why_not: Callable[[RunComparison], str | None] = lambda _: None
    """Returns why the view cannot show a comparison, in a full sentence; None if it can."""
