"""The stores of the benches, built once and kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.bench.databases import WIDE_KEYS, build_database, build_wide_database
from tests.bench.registry import Scale
from tests.bench.stores import Size, build_file_store, build_long_run
from tests.data.schema import create_database


def file_store(scale: Scale, experiments: int | None = None) -> Path:
    """Runs spread over the scale's experiments, or over so many."""
    size = scale.size if experiments is None else Size(scale.size.runs, experiments, 2, 2, 2)
    return _kept(scale, f"files-{_label(size)}", lambda path: build_file_store(path, size))


def long_file_store(scale: Scale) -> Path:
    """One run whose metric `loss` is very long."""
    return _kept(scale, f"files-{scale.points}-points", lambda path: build_long_run(path, scale.points))


def database(scale: Scale) -> Path:
    """The rows of as many runs in an sqlite file."""
    return _kept(scale, f"sqlite-{_label(scale.size)}.db", lambda path: build_database(path, scale.size))


def long_database(scale: Scale) -> Path:
    """One run with one very long metric in an sqlite file."""
    size = Size(runs=1, experiments=1, params=1, metrics=1, steps=scale.points)
    return _kept(scale, f"sqlite-{scale.points}-points.db", lambda path: build_database(path, size))


def wide_database(scale: Scale) -> Path:
    """As many as 1,000 runs with 12,000 keys between them and one value of 1 MB in an sqlite file."""
    size = Size(runs=min(scale.size.runs, 1_000), experiments=1, params=1, metrics=2, steps=1)
    return _kept(scale, f"sqlite-{_label(size)}-{WIDE_KEYS}-keys.db", lambda path: build_wide_database(path, size))


def artifact(scale: Scale, name: str, write: Callable[[Path], object]) -> Path:
    """A large file, which is written once."""
    return _kept(scale, f"artifact-{name}", write)


def warm(path: Path) -> None:
    """Read every file once, so that the page cache serves all alike."""
    for folder, _, names in os.walk(path):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                file.read()


def empty_folder(scale: Scale, name: str) -> Path:
    """A folder without anything in it."""
    path = scale.folder / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def new_file_store(scale: Scale, name: str) -> str:
    """The address of a tree of files that is not there yet."""
    return f"file:{empty_folder(scale, f'new-files-{name}').absolute()}/mlruns"


def new_database(scale: Scale, name: str) -> str:
    """The address of a database file without any rows."""
    empty = _kept(scale, "sqlite-empty.db", create_database)
    copy = shutil.copy(empty, empty_folder(scale, f"new-sqlite-{name}") / "mlflow.db")
    return f"sqlite:///{Path(copy).absolute()}"


def _label(size: Size) -> str:
    return f"{size.runs}-{size.experiments}-{size.params}-{size.metrics}-{size.steps}"


def _kept(scale: Scale, name: str, build: Callable[[Path], object]) -> Path:
    """Build under another name first: an interrupted build is never taken for a whole one."""
    path, unfinished = scale.folder / name, scale.folder / f"unfinished-{name}"
    if not path.exists():
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.unlink(missing_ok=True)
        scale.folder.mkdir(parents=True, exist_ok=True)
        build(unfinished)
        unfinished.rename(path)
    return path
