"""The end of the screen when its terminal is gone."""

from __future__ import annotations

import errno
import io
import os
import sys
import threading

import pytest

from qtui.tui import launch


class LostStream(io.StringIO):
    """A stream whose terminal was closed."""

    def flush(self) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_a_lost_terminal_does_not_keep_the_process_from_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    codes: list[int] = []
    released = threading.Event()
    reading = threading.Thread(target=released.wait)
    reading.start()
    monkeypatch.setattr(launch.os, "_exit", codes.append)
    monkeypatch.setattr(sys, "stdout", LostStream())
    monkeypatch.setattr(sys, "stderr", LostStream())
    try:
        launch._exit_without_joining_threads(3)
    finally:
        released.set()
        reading.join()
    assert codes == [3]
