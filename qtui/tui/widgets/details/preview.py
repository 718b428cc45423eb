"""The preview of the artifact under the cursor of the details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message

from qtui.entities import RunInfo
from qtui.text import display
from qtui.tui.terminal.terminal_images import TerminalImages
from qtui.tui.widgets.pane import Pane
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.tui.widgets.artifact import ArtifactBody


@dataclass
class PreviewChanged(Message):
    """Another file that can be previewed is under the cursor; None for no file."""

    run: RunInfo | None
    path: str = ""


class ArtifactPreview:
    """The preview below the rows; its widget is mounted for the first artifact."""

    def __init__(self, pane: Pane) -> None:
        self._pane = pane
        self.ascii_only = False
        self.images = TerminalImages()
        """The images on the terminal."""
        self.body: ArtifactBody | None = None
        """The widget, once there was an artifact to show."""
        self._target: tuple[str, str] | None = None

    def show(self, run: RunInfo | None, path: str | None) -> None:
        """Request the preview of another file of a run; show none if either is None."""
        pane = self._pane
        target = None if run is None or path is None else (run.run_id, path)
        pane.set_class(target is not None, "-preview")
        if target == self._target:
            return
        self._target = target
        if run is None or path is None:
            pane.post_message(PreviewChanged(None))
            return
        self.body = self.body or self._mount_body()
        self.body.border_title = Content(display(path))
        pane.post_message(PreviewChanged(run, path))

    def _mount_body(self) -> ArtifactBody:
        from qtui.tui.widgets.artifact import ArtifactBody

        body = ArtifactBody(can_focus_content=False)
        body.ascii_only = self.ascii_only
        body.images = self.images
        self._pane.mount(body, before="#nothing")
        return body
