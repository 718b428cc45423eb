"""How a process is ended by `sys.exit`, which the interpreter tells nobody but those who are inside a `with`."""

from __future__ import annotations

import sys
import threading
import weakref
from collections.abc import Callable
from types import FrameType
from typing import NoReturn


class Exit(SystemExit):
    """What `sys.exit` raises while somebody listens."""

    ended: Callable[[object], None] | None = None
    """Told the code when this has ended the process."""

    def __del__(self) -> None:
        """Tell of the end: one that is caught dies while the code that caught it runs, the last one when none does."""
        is_last = sys._getframe().f_back is None and threading.current_thread() is threading.main_thread()
        if self.ended is not None and is_last:
            self.ended(self.code)


class Exits:
    """Stands in for `sys.exit` while somebody listens."""

    def __init__(self) -> None:
        self._usual = sys.exit
        self._code: object = None
        self._raised: weakref.ref[Exit] | None = None

    def listen(self) -> None:
        """Take the place of `sys.exit`."""
        if sys.exit != self._exit:
            self._usual, sys.exit = sys.exit, self._exit

    def leave(self) -> None:
        """Give the place back, unless another has taken it meanwhile, which may call us for ever."""
        if sys.exit == self._exit:
            sys.exit = self._usual

    @property
    def code(self) -> object:
        """What the exit that ends the process has said; None as well when there was no exit."""
        alive = self._raised and self._raised()
        return alive.code if alive else self._code

    def _exit(self, status: str | int | None = None, /) -> NoReturn:
        """End the process as `sys.exit` does."""
        error = Exit(status)
        error.ended = self._end
        self._raised = weakref.ref(error)
        try:
            raise error
        finally:
            # Else this frame would hold what holds this frame, and nobody could tell when it dies.
            del error

    def _end(self, code: object) -> None:
        self._code = code


def code_of_worker() -> object:
    """What a worker of multiprocessing ends with: from Python 3.13 on it has caught what ended it before anybody is
    told, and only the frame of its launch knows. None in other processes, and while its work is still on the stack."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_code.co_name not in ("_bootstrap", "_launch"):
        frame = frame.f_back
    return frame.f_locals.get("code") if frame is not None and frame.f_code.co_name == "_launch" else None


EXITS = Exits()
"""The one of this process."""
