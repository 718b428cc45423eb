"""Notes what happens in this process while something runs, by Python's own audit events."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CODE = ("import", "exec", "compile", "ctypes.", "marshal.loads", "pickle.find_class", "code.")
WORLD = ("os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.putenv", "os.remove", "os.rename")
OUTSIDE = (
    "socket.",
    "urllib.",
    "http.",
    "ftplib.",
    "smtplib.",
    "webbrowser.",
    "shutil.",
    "tempfile.",
    "builtins.input",
)
WATCHED = (*CODE, *WORLD, *OUTSIDE)

_events: list[str] = []
_watching = False


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching:
        return
    if event == "open":
        _events.append(f"open {arguments[0]}")
    elif event == "subprocess.Popen":
        _events.append(f"start {arguments[1][:2]}")
    elif event.startswith(WATCHED):
        _events.append(f"{event} {arguments[:1]}")


@contextmanager
def watched() -> Iterator[list[str]]:
    """Everything that is run, imported, opened, started or called over the network meanwhile."""
    global _watching
    if not hasattr(sys, "_qtui_witness"):
        sys.addaudithook(_note)
        sys._qtui_witness = True  # type: ignore[attr-defined]
    _events.clear()
    _watching = True
    try:
        yield _events
    finally:
        _watching = False
