"""Pickling objects into artifacts, and loading them."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from qtui.errors import LoadObjectError, QtuiError
from qtui.recorder.reading.artifact_files import path_parts
from qtui.recorder.serial import Serializable

logger = logging.getLogger(__name__)


class Unpickler(Protocol):
    """A class that reads an object from a file, like `pickle.Unpickler`."""

    def load(self) -> Any:
        """Return the object."""


def save_objects(save: Callable[[Path, str], None], objects: Mapping[str, object], folder: str) -> None:
    """Pickle objects to files with their names and save them as artifacts, all or none."""
    with tempfile.TemporaryDirectory(prefix="qtui-") as temporary:
        for name, value in objects.items():
            path = Path(temporary, *path_parts(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            Serializable.general_dump(value, path)
        save(Path(temporary), folder)


def load_object(
    open_file: Callable[[], AbstractContextManager[BinaryIO]],
    name: str,
    unpickler: Callable[[BinaryIO], Unpickler],
    safe: bool,
) -> Any:
    """Load an object from a file; unpickling runs any code that the file contains, unless `safe` is set."""
    try:
        with open_file() as file:
            return decode(file, name) if safe else unpickler(file).load()
    except Exception as error:
        # Unpickling can raise any exception.
        reason = str(error) if isinstance(error, QtuiError) else f"{type(error).__name__}: {error}"
        raise LoadObjectError(f"Cannot load {name}: {reason}") from error


def decode(file: BinaryIO, name: str) -> Any:
    """Decode a pickle without running code; raise LoadObjectError if it can be decoded only in part."""
    from qtui.pickles import load

    loaded = load(file)
    if not loaded.is_complete:
        raise LoadObjectError(" ".join(loaded.notes) or "The pickle is damaged.")
    for note in loaded.notes:
        logger.info("%s: %s", name, note)
    return loaded.value
