"""Keep values and artifacts that could not be written: values in a JSON lines file, artifacts in a folder."""

from __future__ import annotations

import errno
import json
import logging
import os
import shutil
import stat
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from qtui.entities import Point, RunInfo
from qtui.errors import UsageError
from qtui.recorder.recording.log_queue import merge
from qtui.settings import is_private, make_private, state_dir
from qtui.store.environment import working_folder
from qtui.store.writer import Batch, Metric
from qtui.text import redact

logger = logging.getLogger(__name__)

LOGGED_SUFFIX = ".logged"
"""Suffix of a file whose values were logged later."""

ARTIFACTS_SUFFIX = ".artifacts"
"""Suffix of a folder of artifacts that could not be saved."""

BATCH_VALUES = 100
"""Values in one batch: the limit of a server request, so that a retry logs none twice."""


def keep(info: RunInfo, uri: str, batch: Batch, folders: Iterable[Path] | None = None) -> Path:
    """Append values to the file of the run in the first writable folder and return it; raise OSError if none is."""
    failure: OSError | None = None
    for folder in folders or default_folders():
        try:
            return write(folder / f"{info.run_id}.jsonl", lines_of(info, uri, batch))
        except OSError as error:
            failure = failure or error
    raise failure or FileNotFoundError("There is no folder to keep files in.")


def keep_files(info: RunInfo, source: Path, folder: str, folders: Iterable[Path] | None = None) -> Path:
    """Copy a file, or the content of a folder, into the artifacts folder of the run in the first writable folder.

    Returns the artifacts folder. Raises OSError if no folder is writable.
    """
    failure: OSError | None = None
    for parent in folders or default_folders():
        root = parent / f"{info.run_id}{ARTIFACTS_SUFFIX}"
        target = root / folder
        try:
            check_private(parent)
            target.mkdir(mode=0o700, parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            else:
                shutil.copy(source, target)
        except OSError as error:
            failure = failure or error
        else:
            return root
    raise failure or FileNotFoundError("There is no folder to keep files in.")


def save_once(path: Path, run_id: str, save: Callable[[Path, str], None]) -> None:
    """Save the content of an artifacts folder as artifacts of its run, and remove the folder."""
    if path.name != f"{run_id}{ARTIFACTS_SUFFIX}":
        raise UsageError(f"{path} is not the artifacts folder of the run {run_id}.")
    save(path, "")
    shutil.rmtree(path)


def default_folders() -> Sequence[Path]:
    """Return the folders to try, in this order: the disk of the first one may be full."""
    folders = [state_dir() / "unwritten", Path(tempfile.gettempdir()) / f"qtui-unwritten-{os.getuid()}"]
    here = working_folder()
    return folders if here is None else [*folders, here]


def write(path: Path, lines: Iterable[str]) -> Path:
    """Append lines to a private file in a private folder or the working directory."""
    check_private(path.parent)
    append(path, lines)
    return path


def check_private(folder: Path) -> None:
    """Create a folder unless it is the working directory; raise PermissionError unless it is private to this user."""
    if folder != working_folder() and not is_private_folder(make_private(folder)):
        raise PermissionError(errno.EACCES, "The folder is not private to this user", str(folder))


def is_private_folder(folder: Path) -> bool:
    """Return whether a folder is private to this user: in /tmp another user could have created it."""
    status = os.lstat(folder)
    return stat.S_ISDIR(status.st_mode) and is_private(status)


def append(path: Path, lines: Iterable[str]) -> None:
    """Append lines to a file that only this user may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    size = os.fstat(descriptor).st_size
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError:
        # Part of a line would make the whole file unreadable.
        os.truncate(path, size)
        raise


def log_once(path: Path, run_id: str, log: Callable[[Batch], None]) -> None:
    """Log the values of a run from a file, and move logged ones to `<file>.logged`, so that none is logged twice."""
    logged = path.with_name(f"{path.name}{LOGGED_SUFFIX}")
    if logged.exists() and not path.exists():
        logger.info("The values in %s were already logged.", logged)
        return
    values = list(read_values(path, run_id))
    done = 0
    try:
        for start in range(0, len(values), BATCH_VALUES):
            batch = values[start : start + BATCH_VALUES]
            log(merge([value for _, value in batch]))
            done = start + len(batch)
    finally:
        lines = [line for line, _ in values[:done]]
        append(logged, lines)
        remove_lines(path, lines)


def remove_lines(path: Path, lines: Sequence[str]) -> None:
    """Remove lines from a file, and the file if it has no others."""
    remaining = Counter(lines)
    rest = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if remaining[line]:
            remaining[line] -= 1
        else:
            rest.append(line)
    if not rest:
        path.unlink()
        return
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    append(new, rest)
    new.replace(path)


def lines_of(info: RunInfo, uri: str, batch: Batch) -> Iterator[str]:
    """Yield every value as a JSON line; numbers are text, because JSON has no NaN and infinity."""
    run = {"uri": redact(uri), "run_id": info.run_id}
    for key, (step, timestamp, value) in batch.metrics:
        yield json.dumps({**run, "metric": key, "value": repr(value), "step": step, "timestamp": timestamp})
    for kind, texts in (("param", batch.params), ("tag", batch.tags)):
        for key, text in texts.items():
            yield json.dumps({**run, kind: key, "value": text})


def read_values(path: Path, run_id: str) -> Iterator[tuple[str, Batch]]:
    """Yield the lines of a file that are values of a run, with the value."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entry = json.loads(line)
            if entry["run_id"] == run_id:
                yield line, value_of(entry)
        except (ValueError, KeyError, TypeError):
            raise UsageError(f"Line {number} of {path} is not a value of a run.") from None


def value_of(entry: Mapping[str, Any]) -> Batch:
    """Return the value in a line, as a batch."""
    if "metric" in entry:
        return Batch([Metric(entry["metric"], Point(entry["step"], entry["timestamp"], float(entry["value"])))])
    if "param" in entry:
        return Batch(params={entry["param"]: entry["value"]})
    return Batch(tags={entry["tag"]: entry["value"]})
