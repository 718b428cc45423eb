"""Files of values that a store did not take: one JSON line a value, so that they can be logged later."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from qtui.entities import Point, RunInfo
from qtui.errors import UsageError
from qtui.settings import make_private, state_dir
from qtui.store.writer import Batch, Metric
from qtui.text import redact


def keep(info: RunInfo, uri: str, batch: Batch, folders: Iterable[Path] | None = None) -> Path:
    """Append the values to the run's file in the first folder that takes it; OSError when none does."""
    failure: OSError | None = None
    for folder in folders or places():
        try:
            return write(folder / f"{info.run_id}.jsonl", lines_of(info, uri, batch))
        except OSError as error:
            failure = failure or error
    raise failure or FileNotFoundError("no folder")


def places() -> Sequence[Path]:
    """Where such files may be, the best first: the disk of the first may be the one that is full."""
    return state_dir() / "unwritten", Path(tempfile.gettempdir()) / f"qtui-unwritten-{os.getuid()}", Path.cwd()


def write(path: Path, lines: Iterable[str]) -> Path:
    """Append lines to a file that is ours alone."""
    if path.parent != Path.cwd():
        make_private(path.parent)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    return path


def lines_of(info: RunInfo, uri: str, batch: Batch) -> Iterator[str]:
    """Every value as a line; numbers are written as text, which NaN and the infinities need."""
    run = {"uri": redact(uri), "run_id": info.run_id}
    for key, (step, timestamp, value) in batch.metrics:
        yield json.dumps({**run, "metric": key, "value": repr(value), "step": step, "timestamp": timestamp})
    for kind, texts in (("param", batch.params), ("tag", batch.tags)):
        for key, text in texts.items():
            yield json.dumps({**run, kind: key, "value": text})


def values_in(path: Path, run_id: str) -> Batch:
    """The values of a run that a file holds."""
    metrics: list[Metric] = []
    params: dict[str, str] = {}
    tags: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            entry = json.loads(line)
            if entry["run_id"] != run_id:
                continue
            if "metric" in entry:
                point = Point(entry["step"], entry["timestamp"], float(entry["value"]))
                metrics.append(Metric(entry["metric"], point))
            elif "param" in entry:
                params[entry["param"]] = entry["value"]
            else:
                tags[entry["tag"]] = entry["value"]
        except (ValueError, KeyError, TypeError):
            raise UsageError(f"Line {number} of {path} is no value of a run.") from None
    return Batch(metrics, params, tags)
