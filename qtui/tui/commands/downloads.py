"""Commands that take artifacts out of the store."""

from __future__ import annotations

from typing import Protocol

from qtui.tui.commands.command import Command


class ArtifactHost(Protocol):
    """The state that the commands for an artifact depend on."""

    @property
    def at_artifact(self) -> bool:
        """Whether an artifact is under the cursor, or open."""


class ArtifactCommand(Command[ArtifactHost]):
    """Base of commands that need an artifact."""

    @classmethod
    def why_not(cls, host: ArtifactHost) -> str | None:
        return None if host.at_artifact else "There is no artifact under the cursor."


class DownloadArtifact(ArtifactCommand):
    """Download the artifact, or everything in the folder."""

    ID = "download"
    KEYS = "d"
    TEXT = "download"
    TITLE = "Download artifact"
    FOOTER = True


class CopyArtifactLocation(ArtifactCommand):
    """Copy the local path of the artifact, or its URI."""

    ID = "copy-location"
    KEYS = "p"
    TEXT = "copy path"
    TITLE = "Copy path of artifact"


class CopyScpLine(ArtifactCommand):
    """Copy an scp command that fetches the artifact from your own machine."""

    KEYS = "ctrl+y"
    TEXT = "copy scp"
    TITLE = "Copy scp command"
