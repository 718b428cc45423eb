"""The programs that the user has chosen to edit and to read files."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from qtui.errors import UsageError


def user_command(*variables: str, default: str) -> list[str]:
    """Return the command, with its options, in the first of these environment variables that has one."""
    for name in variables:
        with suppress(ValueError):
            if command := shlex.split(os.environ.get(name, "")):
                return command
    return [default]


def edit_text(text: str, suffix: str) -> str:
    """Return a text after the user has edited a private copy of it in $VISUAL or $EDITOR.

    Raises:
        UsageError: The editor cannot be started, or it failed.
    """
    command = user_command("VISUAL", "EDITOR", default="vi")
    descriptor, name = tempfile.mkstemp(suffix, "qtui-")
    path = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="") as file:
            file.write(text)
        code = subprocess.run([*command, name], check=False).returncode
        if code:
            raise UsageError(f"{command[0]} failed with exit code {code}.")
        edited = path.read_text(encoding="utf-8", errors="replace")
        # Editors end the last line; the text had no such end.
        return edited if text.endswith("\n") else edited.removesuffix("\n")
    except OSError as error:
        raise UsageError(f"{command[0]} cannot be started: {error.strerror}. Set VISUAL or EDITOR.") from None
    finally:
        path.unlink(missing_ok=True)
