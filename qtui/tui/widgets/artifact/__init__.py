"""Widgets that show the contents of an artifact: one for each type of content."""

from qtui.tui.widgets.artifact.body import ArtifactBody
from qtui.tui.widgets.artifact.content_widget import ContentTask, ContentWidget

__all__ = ["ArtifactBody", "ContentTask", "ContentWidget"]
