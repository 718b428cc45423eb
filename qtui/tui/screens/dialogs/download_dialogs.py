"""The dialogs of a download: the folder, and the progress."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from textual import on
from textual.content import Content
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import get_current_worker

from qtui.recorder import Library
from qtui.text import display
from qtui.tui.load.download import (
    DownloadBlocked,
    DownloadFailed,
    DownloadFinished,
    DownloadProgressed,
    DownloadRequest,
    load_download,
)
from qtui.tui.screens.dialogs.dialog import Dialog
from qtui.tui.screens.dialogs.text_dialog import TextInputDialog
from qtui.tui.screens.saving import expand_path
from qtui.tui.widgets.text_field import TextField

MAX_FOLDER_ENTRIES = 10_000
"""Entries of a folder that are searched for a completion."""


class FolderSuggester(Suggester):
    """Completes the last part of a path with the name of a folder."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the completed path."""
        return await asyncio.to_thread(complete_folder, value)


def complete_folder(text: str) -> str | None:
    """Return a path with its last part completed to the first folder that begins with it; None if there is none."""
    parent, _, start = text.rpartition("/")
    if not start:
        return None
    try:
        with os.scandir(expand_path(f"{parent}/" if "/" in text else ".")) as entries:
            names = [
                entry.name
                for entry, _ in zip(entries, range(MAX_FOLDER_ENTRIES), strict=False)
                if entry.name.startswith(start) and entry.is_dir()
            ]
    except OSError:
        return None
    return f"{text.removesuffix(start)}{min(names)}/" if names else None


def folder_problem(text: str) -> str | None:
    """Return why nothing can be downloaded into a folder, or None; a missing folder is created."""
    path = expand_path(text)
    if not text.strip():
        return "Enter a directory."
    return f"{path} is not a directory." if path.exists() and not path.is_dir() else None


class FolderDialog(TextInputDialog[Path]):
    """Asks for a folder; the right arrow key accepts the completion."""

    def __init__(self, title: str, folder: str) -> None:
        super().__init__(title, value=folder, problem=folder_problem)

    def body(self) -> list[Widget]:
        """Return the field."""
        field = TextField(self._value)
        field.suggester = FolderSuggester()
        return [field]

    def accept(self, text: str) -> None:
        """Answer with the folder."""
        self.dismiss(expand_path(text))


class DownloadDialog(Dialog[DownloadBlocked | DownloadFinished | DownloadFailed]):
    """Downloads in the background and shows the progress; `escape` cancels."""

    def __init__(self, library: Library, request: DownloadRequest) -> None:
        super().__init__("Download", hint="{back} cancel")
        self._messages = load_download(library, request)

    def body(self) -> list[Widget]:
        """Return the progress."""
        return [Static("Listing the artifacts …", id="progress")]

    def on_mount(self) -> None:
        """Start the download; the dialog cancels it when it closes."""
        self.run_worker(self._download, thread=True, exit_on_error=False)

    def _download(self) -> None:
        worker = get_current_worker()
        for message in self._messages:
            if worker.is_cancelled:
                break
            if message is not None:
                self.post_message(message)
        self._messages.close()

    @on(DownloadProgressed)
    def _show_progress(self, message: DownloadProgressed) -> None:
        self.query_one("#progress", Static).update(Content(display(message.progress.text)))

    @on(DownloadBlocked)
    @on(DownloadFinished)
    @on(DownloadFailed)
    def _end(self, message: DownloadBlocked | DownloadFinished | DownloadFailed) -> None:
        # A message may still be on its way when the user cancels.
        if self.is_current:
            self.dismiss(message)

    def action_cancel(self) -> None:
        """Cancel the download after the present chunk."""
        self.workers.cancel_node(self)
        super().action_cancel()
