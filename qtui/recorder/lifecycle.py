"""How a process ends while something is recorded, and in which status that leaves the run.

exception, Ctrl-C            FAILED, as in Qlib
sys.exit(0), sys.exit()      FINISHED
sys.exit(anything else)      FAILED
SIGTERM, SIGHUP              KILLED; a handler that the program had before is asked first, and may go on
no `end_exp` at all          the same: FINISHED at the end, FAILED after an exception that nobody caught or a
                             `sys.exit` of anything but 0; a bare `raise SystemExit(1)` is seen only by a `with`
fork                         the child neither writes what the parent has queued nor ends its run
SIGKILL, os._exit            RUNNING, with all but the last half second
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Protocol

from qtui.entities import Status
from qtui.recorder.exits import EXITS, code_of_worker

logger = logging.getLogger(__name__)

SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class Terminated(SystemExit):
    """The process was asked to end by a signal; it does so like from `sys.exit`, with what a shell says of signals."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)


class Running(Protocol):
    """What has to be ended before the process ends."""

    def end_run(self, status: str = ...) -> None:
        """End it in this status."""


def status_of(error: BaseException | None) -> str:
    """The status of a run that was left in this way."""
    if isinstance(error, Terminated) or (isinstance(error, SystemExit) and GUARD.signalled):
        return Status.KILLED.value
    if error is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
        return Status.FINISHED.value
    return Status.FAILED.value


class Guard:
    """Ends what is still running when the process ends, and turns signals into an orderly end meanwhile."""

    def __init__(self) -> None:
        self.signalled = False
        self._running: dict[int, Running] = {}
        self._pid = 0
        self._before: object = None
        self._previous: dict[int, Callable[[int, FrameType | None], object] | int] = {}

    def add(self, running: Running) -> None:
        """Watch over this until it is removed."""
        if self._pid != os.getpid():
            self._begin_process()
        if not self._running:
            self._before = last_uncaught()
            EXITS.listen()
            self._install()
        self._running[id(running)] = running

    def remove(self, running: Running) -> None:
        """It has ended."""
        if self._pid == os.getpid() and self._running.pop(id(running), None) is not None and not self._running:
            EXITS.leave()
            self._restore()

    def _begin_process(self) -> None:
        """Nothing of a parent's is ours; what runs in it is the parent's to end."""
        self._pid = os.getpid()
        self._running = {}
        self._previous = {}
        self.signalled = False
        atexit.register(self.end_all)
        util = sys.modules.get("multiprocessing.util")
        if util is not None and sys.modules["multiprocessing.process"].parent_process() is not None:
            # A worker of multiprocessing ends by os._exit, which knows no atexit.
            util.Finalize(None, self.end_all, exitpriority=0)

    def end_all(self) -> None:
        """End everything in the status that the end of the process gives it."""
        if self._pid != os.getpid():
            return
        error = sys.exc_info()[1] or last_uncaught()
        if error is None or error is self._before:
            error = SystemExit(EXITS.code or code_of_worker())
        status = Status.KILLED.value if self.signalled else status_of(error)
        for running in reversed(list(self._running.values())):
            try:
                running.end_run(status)
            except Exception as failure:
                # Nobody is left to catch it.
                logger.error("%s", failure)
        if isinstance(error, KeyboardInterrupt):
            remember_interrupt()

    def _install(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for number in SIGNALS:
            previous = signal.getsignal(number)
            if previous is not None and previous is not signal.SIG_IGN:
                self._previous[number] = previous
                signal.signal(number, self._handle)

    def _restore(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        for number, previous in self._previous.items():
            if signal.getsignal(number) == self._handle:
                signal.signal(number, previous)
        self._previous = {}

    def _handle(self, number: int, frame: FrameType | None) -> None:
        previous = self._previous.get(number, signal.SIG_DFL)
        if self._pid != os.getpid():
            signal.signal(number, previous)
            os.kill(os.getpid(), number)
            return
        self.signalled = True
        if callable(previous):
            previous(number, frame)
            return
        raise Terminated(number)


def last_uncaught() -> BaseException | None:
    """The last exception that the interpreter has printed because nobody caught it."""
    return getattr(sys, "last_value", None)


def remember_interrupt() -> None:
    """Let the process end as one that was interrupted: CPython forgets it when code is compiled from text, as modules
    that are imported at the very end may do, and learns it when such code is interrupted."""
    with contextlib.suppress(KeyboardInterrupt):
        exec("raise KeyboardInterrupt")


GUARD = Guard()
"""The one of this process."""
