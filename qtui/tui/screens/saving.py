"""Atomic writes of files for the user; an existing file is replaced only when the user has confirmed it."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from qtui.errors import FileNotWritten
from qtui.value_classes import dataclass

MAX_STEM_LENGTH = 80
"""The characters of a suggested file name, without the suffix."""


@dataclass(frozen=True, slots=True)
class SaveTarget:
    """A path to write to, and whether a file there may be replaced."""

    path: Path
    replace: bool = False


def save_file(target: SaveTarget, data: bytes) -> None:
    """Write a temporary file in the same directory and move it into place.

    Raises FileNotWritten when the file exists and may not be replaced, or cannot be written.
    """
    path = Path(os.path.realpath(target.path)) if target.replace else target.path
    part = path.with_name(f".{path.name[:64]}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
        _move_into_place(part, path, replace=target.replace)
    except FileExistsError:
        raise FileNotWritten(f"{path} already exists; nothing was written.") from None
    except OSError as error:
        raise FileNotWritten(f"{path} cannot be written: {error.strerror or error}.") from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _move_into_place(part: Path, path: Path, *, replace: bool) -> None:
    """Rename a file; without `replace`, raise FileExistsError if the name is taken."""
    if replace:
        os.replace(part, path)
        return
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        # The file system has no hard links: write the file in place, if nothing is there.
        with path.open("xb") as file:
            file.write(part.read_bytes())


def suggest_file_name(name: str, suffix: str) -> str:
    """Return a file name without characters that are special in a path or a shell."""
    plain = "".join(char if char.isalnum() or char in "-_." else "-" for char in name).strip("-.")
    stem = "-".join(part for part in plain.split("-") if part)[:MAX_STEM_LENGTH]
    return f"{stem or 'chart'}.{suffix}"


def path_problem(text: str) -> str | None:
    """Return why no file can be written to this path, or None."""
    path = expand_path(text)
    if not text.strip() or path.is_dir():
        return "Enter a file name."
    return None if path.parent.is_dir() else f"There is no directory {path.parent}."


def expand_path(text: str) -> Path:
    """Return the absolute path for a typed one, relative to the working directory; `~` is the home directory."""
    path = Path(text.strip())
    with contextlib.suppress(RuntimeError):
        path = path.expanduser()
    return path.absolute()
