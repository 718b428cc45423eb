"""Fingerprints of a run's files: detect a change from file states, without opening a file."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from operator import attrgetter, itemgetter
from typing import TypeAlias

RACY_WINDOW_NS = 2_000_000_000
"""A file modified this shortly before it was read may change again without a change of its times."""

FileState: TypeAlias = tuple[int, int, int, int]
state_of = attrgetter("st_mtime_ns", "st_ctime_ns", "st_ino", "st_size")
"""The fields of a file state that change whenever its content may have changed."""
_mtime_of, _ctime_of = itemgetter(0), itemgetter(1)

now_ns = time.time_ns


class ReadFingerprint:
    """Fingerprint of the states of a run's files and folders just before they are read.

    Adding or removing a file changes the state of its folder. Reading through a link makes the fingerprint unreliable.
    """

    def __init__(self, run_folder: str) -> None:
        """Raise OSError if the folder does not exist."""
        self.is_reliable = True
        self.folders: list[str] = []
        self.file_states: list[FileState] = []
        """The states of the files, in reading order."""
        self._start_ns = now_ns()
        self._run_folder = run_folder
        self._folder_states: list[FileState] = []
        self.add_folder(run_folder, os.stat(run_folder))

    def add_folder(self, folder: str, state: os.stat_result) -> None:
        """Add a folder that is about to be listed."""
        self.folders.append(folder[len(self._run_folder) + 1 :])
        self._folder_states.append(state_of(state))

    def digest(self) -> str:
        """Return a digest of all states; empty if it could not detect every later change."""
        states = [*self._folder_states, *self.file_states]
        newest = max(*map(_mtime_of, states), *map(_ctime_of, states))
        return _digest(states) if self.is_reliable and newest < self._start_ns - RACY_WINDOW_NS else ""


def current_fingerprint(run_folder: str, folders: Iterable[str], files: Iterable[str]) -> str:
    """Return the digest of the present states of these folders and files; raises OSError if one is missing."""
    states = list(map(state_of, map(os.stat, [f"{run_folder}/{folder}" for folder in folders])))
    states += map(state_of, map(os.lstat, [f"{run_folder}/{file}" for file in files]))
    return _digest(states)


def _digest(states: Iterable[FileState]) -> str:
    # Unlike that of texts, the hash of integers is the same in every process.
    return f"{hash(tuple(states)):x}"
