"""Edit a text in the user's editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """Return the command of the user's editor with its options."""
    for name in ("VISUAL", "EDITOR"):
        with suppress(ValueError):
            if command := shlex.split(environ.get(name, "")):
                return command
    return ["vi"]


def edit_in_editor(text: str, suffix: str, environ: Mapping[str, str]) -> str:
    """Return a text after the user has edited a private copy of it; raise OSError if the editor cannot be started."""
    descriptor, name = tempfile.mkstemp(suffix, "qtui-")
    path = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(text)
        subprocess.run([*editor_command(environ), name], check=False)
        edited = path.read_text(encoding="utf-8", errors="replace")
        # Editors end the last line; the note had no such end.
        return edited if text.endswith("\n") else edited.removesuffix("\n")
    finally:
        path.unlink(missing_ok=True)
