"""Files that are written for the user: whole or not at all, and never over another one without a yes."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from textual.message import Message

from qtui.errors import FileNotWritten
from qtui.tui.load.background import Messages


@dataclass(frozen=True, slots=True)
class Target:
    """Where to write, and whether what is there may be replaced."""

    path: Path
    replace: bool = False


@dataclass
class FileSaved(Message):
    """A file was written."""

    path: Path
    size: int


def saving(target: Target, make: Callable[[], str]) -> Messages:
    """Make a text and write it, off the event loop."""
    data = make().encode("utf-8", "replace")
    save(target, data)
    yield FileSaved(target.path, len(data))


def save(target: Target, data: bytes) -> None:
    """Write a file beside its place, and put it there when it is whole."""
    path = Path(os.path.realpath(target.path)) if target.replace else target.path
    part = path.with_name(f".{path.name[:64]}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
        _put(part, path, replace=target.replace)
    except FileExistsError:
        raise FileNotWritten(f"{path} is there already; nothing was written.") from None
    except OSError as error:
        raise FileNotWritten(f"{path} cannot be written: {error.strerror or error}.") from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _put(part: Path, path: Path, *, replace: bool) -> None:
    """Give a file its name; without `replace` only where no other one has it."""
    if replace:
        os.replace(part, path)
        return
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems know no second names; then the file is written where it belongs, if nothing is there.
        with path.open("xb") as file:
            file.write(part.read_bytes())


def suggested(name: str, ending: str) -> str:
    """A name for a file in the working folder, without what a path or a shell would read otherwise."""
    plain = "".join(each if each.isalnum() or each in "-_." else "-" for each in name).strip("-.")
    return f"{'-'.join(part for part in plain.split('-') if part)[:80] or 'chart'}.{ending}"


def complaint(text: str) -> str | None:
    """Why no file can be written there, or None."""
    path = path_of(text)
    if not text.strip() or path.is_dir():
        return "Write the name of a file."
    return None if path.parent.is_dir() else f"There is no folder {path.parent}."


def path_of(text: str) -> Path:
    """Return the whole path that was typed, from the working folder; `~` is the home."""
    path = Path(text.strip())
    with contextlib.suppress(RuntimeError):
        path = path.expanduser()
    return path.absolute()
