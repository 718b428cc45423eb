"""Logging a long metric: R beside what Qlib does, one call of MLflow's client for every point."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench import kept
from tests.bench.process import agree, probe
from tests.bench.registry import Goal, Row, Scale, bench
from tests.data.schema import create_database


@bench("recording")
def recording_bench(scale: Scale) -> Iterator[Row]:
    """Many points into a new run, from its start to its end, into files and into a database."""
    points = scale.points // 100
    for kind in ("file", "sqlite"):
        theirs, expected = probe("qlib_logging", *(new_store(scale, kind, "qlib", count) for count in (10, points)))
        ours, found = probe("qtui_logging", *(new_store(scale, kind, "qtui", count) for count in (10, points)))
        agree(found, expected)
        yield Row(f"{kind}, {points:,} points logged", ours, "Qlib's way", theirs, Goal(10))


def new_store(scale: Scale, kind: str, whose: str, points: int) -> str:
    """The address of a store with nothing in it, in a folder named for the points that are to be logged into it."""
    folder = kept.empty_folder(scale, f"recording-{kind}-{whose}/{points}").absolute()
    if kind == "file":
        return f"file://{folder}/mlruns"
    create_database(folder / "mlflow.db")
    return f"sqlite:///{folder}/mlflow.db"
