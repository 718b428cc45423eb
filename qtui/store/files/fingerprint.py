"""Tells whether any file of a run has changed, without opening one."""

from __future__ import annotations

import os
import time
from array import array
from collections.abc import Iterable
from itertools import chain
from operator import attrgetter

RACY = 2_000_000_000
"""What changed within so many ns before it was read may change again without its times telling."""

state_of = attrgetter("st_mtime_ns", "st_ctime_ns", "st_ino", "st_size")
"""What of a file's state changes whenever its content may have."""

now = time.time_ns


class Trail:
    """What a reading of a run's values touched, each thing in the state that it had just before it was read.

    A file that is added or taken away changes its folder. What was read through a link makes the trail unsound.
    """

    def __init__(self, run_folder: str) -> None:
        self.started = now()
        self.sound = True
        self.folders: list[str] = []
        self.files = array("q")
        """The states of the files, in the order in which they were read."""
        self._run_folder = run_folder
        self._folders = array("q")
        self.enter(run_folder, os.stat(run_folder))

    def enter(self, folder: str, state: os.stat_result) -> None:
        """Remember a folder whose entries are about to be listed."""
        self.folders.append(folder[len(self._run_folder) + 1 :])
        self._folders.extend(state_of(state))

    def fingerprint(self) -> str:
        """A digest of all states; empty when it would not prove that nothing has changed."""
        states = self._folders + self.files
        newest = max(*states[0::4], *states[1::4])
        return _digest(states) if self.sound and newest < self.started - RACY else ""


def fingerprint_of(run_folder: str, folders: Iterable[str], files: Iterable[str]) -> str:
    """The fingerprint of these folders and files as they are now; OSError when one of them is gone."""
    states = array("q", chain.from_iterable(map(state_of, map(os.stat, [f"{run_folder}/{each}" for each in folders]))))
    states.extend(chain.from_iterable(map(state_of, map(os.lstat, [f"{run_folder}/{each}" for each in files]))))
    return _digest(states)


def _digest(states: array[int]) -> str:
    from hashlib import blake2b  # takes longer to import than a small store to list

    return blake2b(states.tobytes(), digest_size=16).hexdigest()
