"""Ending runs when the process exits; the status by the way it ends:

exception, Ctrl-C            FAILED, as in Qlib
sys.exit(0), sys.exit()      FINISHED
sys.exit(any other value)    FAILED inside a `with`; outside of one FINISHED, as in Qlib: it cannot be detected
SIGTERM, SIGHUP              KILLED; an earlier handler of the program is called first, and may continue. A run that was
                             started outside the main thread is ended immediately: that thread cannot be interrupted
no `end_exp` at all          FINISHED, or FAILED after an uncaught exception
multiprocessing              a worker that fails outside of a `with`: FAILED, but FINISHED since Python 3.13, which
                             handles the exception before the exit handlers of the worker run
fork                         the child neither writes the queue of the parent nor ends its run
repeated Ctrl-C              FAILED; if it interrupts the last write, unwritten values are kept in a file
SIGKILL, os._exit            RUNNING; the values of the last half second are lost
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

MAX_START_WAIT_S = 10
"""Seconds to wait, after a signal, for a run that another thread is starting."""


class TerminatedBySignal(SystemExit):
    """Exit because of a signal, with the exit code that a shell uses for signals."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)


class ActiveRun(Protocol):
    """A run that must be ended before the process exits."""

    def end_run(self, status: str = ...) -> None:
        """End the run with this status."""

    def abandon_run(self, status: str) -> None:
        """End the run with this status without waiting for unwritten values, which are kept elsewhere."""


def status_of(error: BaseException | None) -> str:
    """Return the status of a run that ends with this exception, or without one."""
    if isinstance(error, TerminatedBySignal) or (isinstance(error, SystemExit) and EXIT_GUARD.signalled):
        return Status.KILLED.value
    if error is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
        return Status.FINISHED.value
    return Status.FAILED.value


class ExitGuard:
    """Ends running runs when the process exits, also because of a signal."""

    def __init__(self) -> None:
        self.signalled = False
        self._running: dict[int, tuple[ActiveRun, threading.Thread]] = {}
        self._ending = 0
        """The number of the signal that ends the process."""
        self._starts = 0
        self._start_finished = threading.Condition()
        self._pid = 0
        self._before: object = None
        self._previous: dict[int, Callable[[int, FrameType | None], object] | int] = {}

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Count a run as starting inside the `with`, from before it is created until after it is added.

        Raise TerminatedBySignal if the process is ending, so that no run is created then.
        """
        with self._start_finished:
            if self._ending and self._pid == os.getpid():
                raise TerminatedBySignal(self._ending)
            self._starts += 1
        try:
            yield
        finally:
            with self._start_finished:
                self._starts -= 1
                self._start_finished.notify_all()

    def add(self, running: ActiveRun) -> None:
        """Add a run that has started."""
        if self._pid != os.getpid():
            self._begin_process()
        if not self._running:
            self._before = last_uncaught()
            self.signalled = False
        self.listen()
        self._running[id(running)] = running, threading.current_thread()

    def remove(self, running: ActiveRun) -> None:
        """Remove a run that has ended."""
        if self._pid == os.getpid():
            self._running.pop(id(running), None)
            if not self._running:
                self._restore_handlers()

    @property
    def running(self) -> tuple[ActiveRun, ...]:
        """Runs that this process has started and not ended, oldest first."""
        return tuple(run for run, _ in self._running.values()) if self._pid == os.getpid() else ()

    def _begin_process(self) -> None:
        """Register the exit handlers of this process and forget the runs of its parent."""
        if self._pid:
            # A fork: of the starts of the parent only that of this thread goes on.
            self._starts, self._start_finished = 1, threading.Condition()
        self._pid = os.getpid()
        self._running = {}
        self._ending = 0
        self.signalled = False
        atexit.register(self.end_all)
        util = sys.modules.get("multiprocessing.util")
        if util is not None and sys.modules["multiprocessing.process"].parent_process() is not None:
            # A multiprocessing worker exits by os._exit, which skips atexit.
            util.Finalize(None, self.end_all, exitpriority=0)

    def end_all(self) -> None:
        """End all runs with the status that the exit of the process implies."""
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
                # No caller is left to handle it.
                logger.error("%s", failure)
            except BaseException:
                # Ctrl-C or a signal: the user does not want to wait.
                running.abandon_run(Status.KILLED.value if self.signalled else Status.FAILED.value)

    def listen(self) -> None:
        """Install the signal handlers if this is the main thread, which alone is allowed to.

        It is done before any run starts, for runs of other threads. Without runs they act like the earlier handlers.
        """
        if threading.current_thread() is not threading.main_thread():
            return
        for number in SIGNALS:
            previous = signal.getsignal(number)
            if previous is not None and previous not in (signal.SIG_IGN, self._handle):
                self._previous[number] = previous
                signal.signal(number, self._handle)

    def _restore_handlers(self) -> None:
        """Restore the handlers that the program had installed."""
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
        """End all runs in another thread, then the process.

        The main thread would wait for the recording threads, and may hold a lock that ending a run needs.
        """
        if self._ending:
            return
        self._ending, self.signalled = number, True

        def end() -> None:
            self.end_all()
            with self._start_finished:
                self._start_finished.wait_for(lambda: not self._starts, MAX_START_WAIT_S)
            self.end_all()
            os._exit(128 + number)

        try:
            threading.Thread(target=end, daemon=True).start()
        except RuntimeError:
            # The interpreter is shutting down and starts no threads.
            raise TerminatedBySignal(number) from None


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Ignore Ctrl-C and terminating signals while the main thread is in this `with`."""
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
    """Return the last uncaught exception that the interpreter has printed."""
    return getattr(sys, "last_value", None)


EXIT_GUARD = ExitGuard()
"""The guard of this process."""


def experiment_exit_handler() -> None:
    """End running runs when the process exits, like Qlib's function of this name.

    Calling it is not necessary: importing R and starting a run do the same.
    """
    EXIT_GUARD.listen()
