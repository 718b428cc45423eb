"""What a store did not take, to be logged later: values in a file, one JSON line each, and artifacts in a folder."""

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
from qtui.store.writer import Batch, Metric
from qtui.text import redact

logger = logging.getLogger(__name__)

LOGGED = ".logged"
"""How the name of a file ends whose values were logged after all."""

ARTIFACTS = ".artifacts"
"""End of the name of a folder of files that a store did not take."""

AT_A_TIME = 100
"""Values in one batch: the most that a server takes in one request, so that a retry logs none twice."""


def keep(info: RunInfo, uri: str, batch: Batch, folders: Iterable[Path] | None = None) -> Path:
    """Append the values to the run's file in the first folder that takes it; OSError when none does."""
    failure: OSError | None = None
    for folder in folders or places():
        try:
            return write(folder / f"{info.run_id}.jsonl", lines_of(info, uri, batch))
        except OSError as error:
            failure = failure or error
    raise failure or FileNotFoundError("no folder")


def keep_files(info: RunInfo, source: Path, folder: str, folders: Iterable[Path] | None = None) -> Path:
    """Copy a file, or all that is in a folder, to the run's files in the first folder that takes it, and return those.

    OSError when none does.
    """
    failure: OSError | None = None
    for place in folders or places():
        root = place / f"{info.run_id}{ARTIFACTS}"
        target = root / folder
        try:
            check_private(place)
            target.mkdir(mode=0o700, parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            else:
                shutil.copy(source, target)
        except OSError as error:
            failure = failure or error
        else:
            return root
    raise failure or FileNotFoundError("no folder")


def save_once(path: Path, run_id: str, save: Callable[[Path, str], None]) -> None:
    """Put the files of a run that a folder holds among its artifacts, and remove them here."""
    if path.name != f"{run_id}{ARTIFACTS}":
        raise UsageError(f"{path} holds no artifacts of the run {run_id}.")
    save(path, "")
    shutil.rmtree(path)


def places() -> Sequence[Path]:
    """Where such files may be, the best first: the disk of the first may be the one that is full."""
    return state_dir() / "unwritten", Path(tempfile.gettempdir()) / f"qtui-unwritten-{os.getuid()}", Path.cwd()


def write(path: Path, lines: Iterable[str]) -> Path:
    """Append lines to a file that is ours alone, in a folder that is ours alone or the working directory."""
    check_private(path.parent)
    append(path, lines)
    return path


def check_private(folder: Path) -> None:
    """Make a folder that is not the working directory, and raise PermissionError unless it is private to this user."""
    if folder != Path.cwd() and not is_private_folder(make_private(folder)):
        raise PermissionError(errno.EACCES, "The folder is not private to this user", str(folder))


def is_private_folder(folder: Path) -> bool:
    """Return whether a folder is private to this user: in /tmp anybody could have made it."""
    state = os.lstat(folder)
    return stat.S_ISDIR(state.st_mode) and is_private(state)


def append(path: Path, lines: Iterable[str]) -> None:
    """Append lines to a file that only we may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    size = os.fstat(descriptor).st_size
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError:
        # Half a line would make the whole file unreadable.
        os.truncate(path, size)
        raise


def log_once(path: Path, run_id: str, log: Callable[[Batch], None]) -> None:
    """Log the values of a run that a file holds, and move what was logged into `<file>.logged`, for nothing twice."""
    logged = path.with_name(f"{path.name}{LOGGED}")
    if logged.exists() and not path.exists():
        logger.info("What is in %s was logged before.", logged)
        return
    ours = list(numbered_values(path, run_id))
    done = 0
    try:
        for start in range(0, len(ours), AT_A_TIME):
            piece = ours[start : start + AT_A_TIME]
            log(merge([value for _, value in piece]))
            done = start + len(piece)
    finally:
        lines = [line for line, _ in ours[:done]]
        append(logged, lines)
        keep_rest(path, lines)


def keep_rest(path: Path, done: Sequence[str]) -> None:
    """Take lines out of a file, which is removed when nothing else is in it."""
    left = Counter(done)
    rest = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if left[line]:
            left[line] -= 1
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
    """Every value as a line; numbers are written as text, which NaN and the infinities need."""
    run = {"uri": redact(uri), "run_id": info.run_id}
    for key, (step, timestamp, value) in batch.metrics:
        yield json.dumps({**run, "metric": key, "value": repr(value), "step": step, "timestamp": timestamp})
    for kind, texts in (("param", batch.params), ("tag", batch.tags)):
        for key, text in texts.items():
            yield json.dumps({**run, kind: key, "value": text})


def numbered_values(path: Path, run_id: str) -> Iterator[tuple[str, Batch]]:
    """The lines of a file that are values of a run, each with its value."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entry = json.loads(line)
            if entry["run_id"] == run_id:
                yield line, value_of(entry)
        except (ValueError, KeyError, TypeError):
            raise UsageError(f"Line {number} of {path} is no value of a run.") from None


def value_of(entry: Mapping[str, Any]) -> Batch:
    """The one value that a line holds."""
    if "metric" in entry:
        return Batch([Metric(entry["metric"], Point(entry["step"], entry["timestamp"], float(entry["value"])))])
    if "param" in entry:
        return Batch(params={entry["param"]: entry["value"]})
    return Batch(tags={entry["tag"]: entry["value"]})
