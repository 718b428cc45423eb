"""Python objects among the artifacts of a run: as files on their way in, from files on their way out."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol

from qtui.errors import BadValue, LoadObjectError, QtuiError
from qtui.recorder.serial import Serializable

logger = logging.getLogger(__name__)


class Unpickler(Protocol):
    """Something that reads an object from a file, like `pickle.Unpickler`."""

    def load(self) -> Any:
        """The object."""


def save_objects(save: Callable[[Path, str], None], objects: Mapping[str, object], folder: str) -> None:
    """Put objects among the artifacts, each in a file of its name, all of them or none."""
    with tempfile.TemporaryDirectory(prefix="qtui-") as place:
        for name, value in objects.items():
            path = Path(place, *parts_of(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            Serializable.general_dump(value, path)
        save(Path(place), folder)


def load_object(
    fetch: Callable[[], AbstractContextManager[Path]],
    name: str,
    unpickler: Callable[[BinaryIO], Unpickler],
    safe: bool,
) -> Any:
    """The object in a file; unpickling runs whatever code the file asks for, unless it is to be `safe`."""
    try:
        with fetch() as path:
            if safe:
                return decoded(path, name)
            with path.open("rb") as file:
                return unpickler(file).load()
    except Exception as error:
        # A pickle can raise anything, as it can do anything.
        reason = str(error) if isinstance(error, QtuiError) else f"{type(error).__name__}: {error}"
        raise LoadObjectError(f"{name} cannot be loaded: {reason}") from error


def decoded(path: Path, name: str) -> Any:
    """What is in a pickle, told by a decoder that runs nothing; half an object is none."""
    from qtui.pickles import load

    loaded = load(path)
    if not loaded.complete:
        raise LoadObjectError(" ".join(loaded.notes) or "it is damaged.")
    for note in loaded.notes:
        logger.info("%s: %s", name, note)
    return loaded.value


def parts_of(name: str) -> tuple[str, ...]:
    """The folders and the file that a name below the artifacts leads through."""
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\0" in name:
        raise BadValue(f"{name!r} cannot be the name of an object.")
    return path.parts
