"""Textual's driver, which also survives a stop by SIGSTOP and leaves no images behind."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Protocol, cast

from textual.drivers.linux_driver import LinuxDriver

from qtui.tui.terminal.terminal_images import TerminalImages


class AppWithImages(Protocol):
    """An app that has images on the terminal."""

    images: TerminalImages


class StoppableDriver(LinuxDriver):
    """A driver that leaves application mode before it starts it again.

    SIGSTOP cannot be handled, so the process stops within application mode. On SIGCONT Textual would start that mode a
    second time: with a second thread that reads keys, and the raw terminal modes as those to restore at the end.
    """

    def stop_application_mode(self) -> None:
        """Delete the images on the terminal, and leave application mode."""
        self.write(cast(AppWithImages, self._app).images.delete_all())
        super().stop_application_mode()

    def _sigcont_application(self, number: int, frame: FrameType | None) -> None:
        """Start application mode, unless the process continues in the background."""
        if not self._auto_restart:
            return
        if self._key_thread is not None and self._key_thread.is_alive():
            if self._is_in_background():
                os.kill(os.getpid(), signal.SIGSTOP)
                return
            self.suspend_application_mode()
        self.resume_application_mode()

    def _is_in_background(self) -> bool:
        """Return whether another process group has the terminal."""
        try:
            return os.tcgetpgrp(self.fileno) != os.getpgrp()
        except OSError:  # The terminal does not control this session.
            return False
