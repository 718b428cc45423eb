"""Downloads of a screen: ask for a folder, show the progress, and say what was saved."""

from __future__ import annotations

import getpass
import os
import shlex
import socket
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qtui.formatting import format_count, format_size
from qtui.recorder import Library
from qtui.store.artifacts.uri import join_uri
from qtui.text import redact
from qtui.tui import keymap
from qtui.tui.load.download import DownloadBlocked, DownloadFailed, DownloadFinished, DownloadRequest
from qtui.tui.messages import CopyLocation, DownloadArtifacts
from qtui.tui.screens.dialogs.confirm_dialog import ConfirmDialog
from qtui.tui.screens.dialogs.download_dialogs import DownloadDialog, FolderDialog

if TYPE_CHECKING:
    from qtui.tui.app import QtuiApp

MAX_NAMES = 8
"""Existing files that the question lists."""


class Downloader:
    """The downloads of one screen, and the copied locations of its artifacts."""

    def __init__(self, library: Library, app: QtuiApp) -> None:
        self._library = library
        self._app = app

    def ask(self, message: DownloadArtifacts) -> None:
        """Ask for the folder, and download into it."""
        what = message.path or (format_count(len(message.runs), "run") if len(message.runs) > 1 else "all artifacts")

        def start(folder: Path | None) -> None:
            if folder is not None:
                self._app.state.download_folder = str(folder)
                self._start(DownloadRequest(message.runs, message.path, folder))

        self._app.push_screen(FolderDialog(f"Download {what} into", self._app.state.download_folder), start)

    def _start(self, request: DownloadRequest) -> None:
        def end(outcome: DownloadBlocked | DownloadFinished | DownloadFailed | None) -> None:
            match outcome:
                case DownloadBlocked() if outcome.hidden:
                    self._ask_for_hidden(outcome)
                case DownloadBlocked():
                    self._ask_to_replace(outcome)
                case DownloadFinished():
                    self._show_end(outcome)
                case DownloadFailed():
                    self._app.show_notice(outcome.reason, severity="error")
                case None:
                    notice = "Download canceled. Downloading into the same directory continues it."
                    self._app.show_notice(notice)

        self._app.push_screen(DownloadDialog(self._library, request), end)

    def _ask_for_hidden(self, message: DownloadBlocked) -> None:
        """Ask whether to save hidden files, which may be settings or hooks that other programs run."""

        def go_on(confirmed: bool | None) -> None:
            self._start(replace(message.request, include_hidden=bool(confirmed)))

        count = format_count(len(message.hidden), "hidden file")
        self._app.push_screen(
            ConfirmDialog(f"Download {count} too?", list_names(message.request, message.hidden)), go_on
        )

    def _ask_to_replace(self, message: DownloadBlocked) -> None:
        def go_on(confirmed: bool | None) -> None:
            if confirmed:
                self._start(replace(message.request, overwrite=True))

        count = format_count(len(message.existing), "file")
        self._app.push_screen(ConfirmDialog(f"Replace {count}?", list_names(message.request, message.existing)), go_on)

    def _show_end(self, message: DownloadFinished) -> None:
        """Say what was saved, and what failed."""
        transfer = message.transfer
        size = format_size(sum(file.artifact.size or 0 for file in transfer.written))
        saved = f"Saved {format_count(len(transfer.written), 'file')} ({size}) in {message.request.folder}."
        if len(transfer.written) == 1:
            saved = f"Saved {message.request.folder / transfer.written[0].target} ({size})."
        if not transfer.failures:
            self._app.show_notice(saved)
            return
        reason = "; ".join(str(failure.error).rstrip(".") for failure in transfer.failures[:MAX_NAMES])
        count = format_count(len(transfer.failures), "file")
        self._app.show_notice(f"{saved} {count} failed: {reason}.", severity="error")

    def copy_location(self, message: CopyLocation) -> None:
        """Copy the path of an artifact, its URI, or an scp command."""
        root, path = self._library.artifact_location(message.run, message.path)
        if root.folder is None and message.as_scp:
            text = "The artifact is not a file of this machine: press {download-artifact} to download it."
            self._app.show_notice(keymap.fill_keys(text, self._app.keys))
        elif root.folder is None:
            self._app.copy(redact(join_uri(root.recorded, path)), "the URI")
        elif message.as_scp:
            self._app.copy(scp_line(root.folder.absolute() / path, os.environ), "an scp command")
        else:
            self._app.copy(str(root.folder.absolute() / path), "the path")


def list_names(request: DownloadRequest, names: Sequence[str]) -> str:
    """Return the folder of a download and some of its files, one on each line."""
    more = ["…"] if len(names) > MAX_NAMES else []
    return "\n".join([f"In {request.folder}:", *names[:MAX_NAMES], *more])


def scp_line(path: Path, environ: Mapping[str, str]) -> str:
    """Return the command that copies a file or folder of this machine to the one of the user."""
    connection = environ.get("SSH_CONNECTION", "").split()
    host, port = (connection[2], connection[3]) if len(connection) == 4 else (socket.gethostname(), "22")
    address = f"{getpass.getuser()}@{f'[{host}]' if ':' in host else host}:{path}"
    options = ["-r"] if path.is_dir() else []
    options += ["-P", port] if port != "22" else []
    return shlex.join(["scp", *options, address, "."])
