"""The stores and files of the benches, built once and kept in the folder of the scale."""

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
    """Return a file store with the runs of the scale; `experiments` overrides the size of the scale."""
    size = scale.size if experiments is None else Size(scale.size.runs, experiments, 2, 2, 2)
    return _cached(scale, f"files-{_label(size)}", lambda path: build_file_store(path, size))


def long_file_store(scale: Scale) -> Path:
    """Return a file store with one run whose metric `loss` is very long."""
    return _cached(scale, f"files-{scale.points}-points", lambda path: build_long_run(path, scale.points))


def database(scale: Scale) -> Path:
    """Return an SQLite file with the runs of the scale."""
    return _cached(scale, f"sqlite-{_label(scale.size)}.db", lambda path: build_database(path, scale.size))


def long_database(scale: Scale) -> Path:
    """Return an SQLite file with one run whose metric `loss` is very long."""
    size = Size(runs=1, experiments=1, params=1, metrics=1, steps=scale.points)
    return _cached(scale, f"sqlite-{scale.points}-points.db", lambda path: build_database(path, size))


def wide_database(scale: Scale) -> Path:
    """Return an SQLite file with at most 1,000 runs, 12,000 metric keys and a value of 1 MB."""
    size = Size(runs=min(scale.size.runs, 1_000), experiments=1, params=1, metrics=2, steps=1)
    return _cached(scale, f"sqlite-{_label(size)}-{WIDE_KEYS}-keys.db", lambda path: build_wide_database(path, size))


def artifact(scale: Scale, name: str, write: Callable[[Path], object]) -> Path:
    """Return a large file, written by `write` the first time."""
    return _cached(scale, f"artifact-{name}", write)


def read_all_files(path: Path) -> None:
    """Read every file below a folder, so that all programs find them in the page cache."""
    for folder, _, names in os.walk(path):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                file.read()


def make_empty_folder(scale: Scale, name: str) -> Path:
    """Create an empty folder; a folder of this name is replaced."""
    path = scale.folder / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def new_file_store(scale: Scale, name: str) -> str:
    """Return the address of a file store that does not exist yet."""
    return f"file:{make_empty_folder(scale, f'new-files-{name}').absolute()}/mlruns"


def new_database(scale: Scale, name: str) -> str:
    """Return the address of a new SQLite file without rows."""
    empty = _cached(scale, "sqlite-empty.db", create_database)
    copy = shutil.copy(empty, make_empty_folder(scale, f"new-sqlite-{name}") / "mlflow.db")
    return f"sqlite:///{Path(copy).absolute()}"


def _label(size: Size) -> str:
    return f"{size.runs}-{size.experiments}-{size.params}-{size.metrics}-{size.steps}"


def _cached(scale: Scale, name: str, build: Callable[[Path], object]) -> Path:
    """Return a path that is built the first time, under another name, so that an interrupted build is not used."""
    path, unfinished = scale.folder / name, scale.folder / f"unfinished-{name}"
    if not path.exists():
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.unlink(missing_ok=True)
        scale.folder.mkdir(parents=True, exist_ok=True)
        build(unfinished)
        unfinished.rename(path)
    return path
