"""Logging a long metric with R, beside Qlib's way: one call of MLflow's client for every point."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench import cached_stores
from tests.bench.processes import check_equal_results, run_probe
from tests.bench.registry import Comparison, RatioBudget, Scale, bench
from tests.data.schema import create_database

WARM_UP_POINTS = 10


@bench("recording")
def recording_bench(scale: Scale) -> Iterator[Comparison]:
    """Log many points into a new run, from its start to its end, in a file store and a database."""
    counts = (WARM_UP_POINTS, scale.points // 100)
    for kind in ("file", "sqlite"):
        theirs, expected = run_probe("qlib_logging", *(new_store(scale, kind, "qlib", count) for count in counts))
        ours, digest = run_probe("qtui_logging", *(new_store(scale, kind, "qtui", count) for count in counts))
        check_equal_results(digest, expected)
        yield Comparison(f"{kind}, {counts[1]:,} points logged", ours, "Qlib's way", theirs, RatioBudget(10))


def new_store(scale: Scale, kind: str, program: str, points: int) -> str:
    """Return the address of an empty store; its folder is named after the number of points to log."""
    folder = cached_stores.make_empty_folder(scale, f"recording-{kind}-{program}/{points}").absolute()
    if kind == "file":
        return f"file://{folder}/mlruns"
    create_database(folder / "mlflow.db")
    return f"sqlite:///{folder}/mlflow.db"
