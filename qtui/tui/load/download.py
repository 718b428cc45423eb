"""Download artifacts in the background."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from qtui.cancellation import ProgressTimer
from qtui.entities import RunInfo
from qtui.recorder import Library
from qtui.tui.load.artifact import failure_reason
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.store.artifacts.download import Progress, Transfer


@dataclass(frozen=True)
class DownloadRequest:
    """A file or folder of each run, and the folder to save them in."""

    runs: Sequence[RunInfo]
    path: str
    folder: Path
    overwrite: bool = False
    include_hidden: bool | None = None
    """Whether to download hidden files; None to ask."""


@dataclass
class DownloadBlocked(Message):
    """Files would be replaced, or hidden files created; nothing was downloaded."""

    request: DownloadRequest
    existing: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


@dataclass
class DownloadProgressed(Message):
    """A part of the files is saved."""

    progress: Progress


@dataclass
class DownloadFailed(Message):
    """Nothing was downloaded."""

    reason: str


@dataclass
class DownloadFinished(Message):
    """The download has ended, perhaps without some of the files."""

    request: DownloadRequest
    transfer: Transfer


def load_download(library: Library, request: DownloadRequest) -> Generator[Message | None, None, None]:
    """Download the files, unless some exist and may not be replaced, or it is not decided on hidden ones.

    Yields after every chunk, mostly None: closing the generator there cancels the download.
    """
    try:
        transfer = library.download(request.runs, request.path, request.folder, overwrite=request.overwrite)
        hidden = () if request.include_hidden else transfer.leave_out_hidden()
        if hidden and request.include_hidden is None:
            yield DownloadBlocked(request, hidden=tuple(file.target for file in hidden))
            return
        if not request.overwrite and (existing := transfer.existing()):
            yield DownloadBlocked(request, existing=existing)
            return
        timer = ProgressTimer(starts_due=True)
        for progress in transfer.run():
            yield DownloadProgressed(progress) if timer.is_due() else None
        yield DownloadFinished(request, transfer)
    except Exception as error:
        yield DownloadFailed(failure_reason(error))
