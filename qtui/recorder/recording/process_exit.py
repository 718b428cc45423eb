"""How a process ends while something is recorded, and in which status that leaves the run.

exception, Ctrl-C            FAILED, as in Qlib
sys.exit(0), sys.exit()      FINISHED
sys.exit(anything else)      FAILED inside a `with`; outside of one it cannot be seen: FINISHED, as in Qlib
SIGTERM, SIGHUP              KILLED; a handler that the program had before is asked first, and may go on. A run that
                             was started outside the main thread is ended at once, as that thread cannot be interrupted
no `end_exp` at all          FINISHED at the end, FAILED after an exception that nobody caught
multiprocessing              a worker that fails outside of a `with`: FAILED, but FINISHED since Python 3.13, which
                             handles the exception before anything runs at the exit of the worker
fork                         the child neither writes what the parent has queued nor ends its run
Ctrl-C, again and again      FAILED; once it interrupts the last attempt to write, what is not written is kept in a file
SIGKILL, os._exit            RUNNING, with all but the last half second
"""

from __future__ import annotations

import atexit
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

from qtui.entities import Status

logger = logging.getLogger(__name__)

SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


class TerminatedBySignal(SystemExit):
    """The process was asked to end by a signal; it does so like from `sys.exit`, with what a shell says of signals."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)


class ActiveRun(Protocol):
    """What has to be ended before the process ends."""

    def end_run(self, status: str = ...) -> None:
        """End it in this status."""

    def abandon_run(self, status: str) -> None:
        """End it in this status without waiting for its values to be written, which are kept elsewhere."""


def status_of(error: BaseException | None) -> str:
    """The status of a run that was left in this way."""
    if isinstance(error, TerminatedBySignal) or (isinstance(error, SystemExit) and EXIT_GUARD.signalled):
        return Status.KILLED.value
    if error is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
        return Status.FINISHED.value
    return Status.FAILED.value


class ExitGuard:
    """Ends what is still running when the process ends, and turns signals into an orderly end meanwhile."""

    def __init__(self) -> None:
        self.signalled = False
        self._running: dict[int, tuple[ActiveRun, threading.Thread]] = {}
        self._ending = False
        self._pid = 0
        self._before: object = None
        self._previous: dict[int, Callable[[int, FrameType | None], object] | int] = {}

    def add(self, running: ActiveRun) -> None:
        """Watch over this until it is removed."""
        if self._pid != os.getpid():
            self._begin_process()
        if not self._running:
            self._before = last_uncaught()
            self.signalled = False
        self.listen()
        self._running[id(running)] = running, threading.current_thread()

    def remove(self, running: ActiveRun) -> None:
        """It has ended."""
        if self._pid == os.getpid():
            self._running.pop(id(running), None)
            if not self._running:
                self._give_back()

    @property
    def running(self) -> tuple[ActiveRun, ...]:
        """Runs that this process has started and not ended, the oldest first."""
        return tuple(run for run, _ in self._running.values()) if self._pid == os.getpid() else ()

    def _begin_process(self) -> None:
        """Nothing of a parent's is ours; what runs in it is the parent's to end."""
        self._pid = os.getpid()
        self._running = {}
        self._ending = False
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
        if error is self._before:
            error = None
        status = Status.KILLED.value if self.signalled else status_of(error)
        for running in reversed(self.running):
            try:
                running.end_run(status)
            except Exception as failure:
                # Nobody is left to catch it.
                logger.error("%s", failure)
            except BaseException:
                # Ctrl-C or a signal: the user waits no longer.
                running.abandon_run(Status.KILLED.value if self.signalled else Status.FAILED.value)

    def listen(self) -> None:
        """Install the handlers, which only the main thread may: also before anything runs, for runs of other threads.

        As long as nothing runs, they do what would be done without them.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        for number in SIGNALS:
            previous = signal.getsignal(number)
            if previous is not None and previous not in (signal.SIG_IGN, self._handle):
                self._previous[number] = previous
                signal.signal(number, self._handle)

    def _give_back(self) -> None:
        """Install the handlers that the program had set itself again."""
        if threading.current_thread() is threading.main_thread():
            for number, previous in self._previous.items():
                if callable(previous) and signal.getsignal(number) == self._handle:
                    signal.signal(number, previous)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        previous = self._previous.get(number, signal.SIG_DFL)
        if callable(previous):
            try:
                previous(number, frame)
            except BaseException:
                self.signalled = True
                raise
        elif not self.running:
            signal.signal(number, previous)
            os.kill(os.getpid(), number)
        elif any(thread is not threading.main_thread() for _, thread in self._running.values()):
            self._end_in_background(number)
        else:
            self.signalled = True
            raise TerminatedBySignal(number)

    def _end_in_background(self, number: int) -> None:
        """End everything in a thread of its own, then the process: the main thread would wait for the threads that
        record, and may hold a lock that is needed for the end while it handles a signal."""
        if self._ending:
            return
        self._ending = self.signalled = True

        def end() -> None:
            self.end_all()
            os._exit(128 + number)

        threading.Thread(target=end, daemon=True).start()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ignore Ctrl-C and the signals that end a process, as long as the main thread is in this `with`."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, *SIGNALS)
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, signal.SIG_DFL if handler is None else handler)


def last_uncaught() -> BaseException | None:
    """The last exception that the interpreter has printed because nobody caught it."""
    return getattr(sys, "last_value", None)


EXIT_GUARD = ExitGuard()
"""The one of this process."""


def experiment_exit_handler() -> None:
    """Let what runs end with the process, as Qlib's function of this name does.

    A program need not call it: importing R and starting a run install all that is needed.
    """
    EXIT_GUARD.listen()
