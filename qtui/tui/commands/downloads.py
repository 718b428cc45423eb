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


class DownloadArtifact(ArtifactCommand, keys="d", text="download", id="download", footer=True):
    """Download the artifact, or everything in the folder."""


class CopyArtifactLocation(
    ArtifactCommand,
    keys="p",
    text="copy path",
    id="copy-location",
    title="Copy path of artifact",
    call=("copy_location", False),
):
    """Copy the local path of the artifact, or its URI."""


class CopyScpLine(
    ArtifactCommand, keys="ctrl+y", text="copy scp", title="Copy scp command", call=("copy_location", True)
):
    """Copy an scp command that fetches the artifact from your own machine."""
