"""Probes, the measured work of a new process: `python -m tests.bench.probes NAME SMALL LARGE [ARGUMENT...]`.

A probe first does its work on a small store, so that imports and other one-time work are not measured, then on the
large one. It prints the seconds and a digest of what it has read, so that the results of two programs can be compared.
"""

from __future__ import annotations

import json
import math
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from qtui.entities import Point
from tests.bench.stores import START

Digest = dict[str, float]


def qtui_runs(uri: str, cache: str = "") -> Callable[[], Digest]:
    """Read all infos, then all params, latest metrics and tags, as the screen and the commands do."""
    from qtui.store import open_store

    with closing(open_store(uri, cache=Path(cache) if cache else None)) as store:
        infos = [info for batch in store.infos() for info in batch.items]
        runs = [run for batch in store.runs(infos) for run in batch.items]
    return lambda: _digest((run.params, run.tags, [point.value for point in run.metrics.values()]) for run in runs)


def mlflow_runs(uri: str) -> Callable[[], Digest]:
    """Read all infos, params, latest metrics and tags with MLflow's client."""
    from mlflow.tracking import MlflowClient

    client = MlflowClient(uri)
    experiment_ids = [experiment.experiment_id for experiment in client.search_experiments()]
    runs = client.search_runs(experiment_ids, max_results=50_000)
    return lambda: _digest((run.data.params, run.data.tags, run.data.metrics.values()) for run in runs)


def sqlite_rows(uri: str) -> Callable[[], Digest]:
    """Fetch the same rows with sqlite3."""
    with closing(sqlite3.connect(uri.removeprefix("sqlite:///"))) as database:
        for table in ("runs", "params", "latest_metrics", "tags"):
            database.execute(f"SELECT * FROM {table}").fetchall()
    return dict


def bare_files(uri: str) -> Callable[[], Digest]:
    """Open and read every file of a store."""
    from tests.bench.cached_stores import read_all_files

    read_all_files(Path(uri.removeprefix("file://")))
    return dict


def qtui_logged(uri: str, batch_size: str) -> Callable[[], Digest]:
    """Log the points that the name of the only run describes in batches with qtui."""
    from qtui.store import open_store, open_writer
    from qtui.store.writer import Batch, Metric

    with closing(open_store(uri)) as store:
        info = next(info for batch in store.infos() for info in batch.items)
    points = [Metric(*point) for point in _points(info.name)]
    with closing(open_writer(uri)) as writer:
        for start in range(0, len(points), int(batch_size)):
            writer.log(info, Batch(points[start : start + int(batch_size)]))
    return lambda: _logged(uri)


def mlflow_logged(uri: str) -> Callable[[], Digest]:
    """Log the same points with MLflow's client, one call for each."""
    from mlflow.tracking import MlflowClient

    client = MlflowClient(uri)
    experiment_ids = [experiment.experiment_id for experiment in client.search_experiments()]
    run = client.search_runs(experiment_ids)[0]
    for key, (step, timestamp, value) in _points(run.info.run_name):
        client.log_metric(run.info.run_id, key, value, timestamp, step)
    return lambda: _logged(uri)


def qtui_tagged(uri: str) -> Callable[[], Digest]:
    """Set a tag of all runs by one edit of qtui."""
    from qtui.recorder import Library, SetTags

    with _own_journal(uri), Library(uri) as library:
        runs = [info for batch in library.infos() for info in batch.items]
        library.apply(SetTags(runs, {"team": "red"}))
    return lambda: _runs_by_tag(uri)


def mlflow_tagged(uri: str) -> Callable[[], Digest]:
    """Set a tag of all runs with MLflow's client, one call for each run."""
    from mlflow.tracking import MlflowClient

    client = MlflowClient(uri)
    for run_id in _run_ids(client):
        client.set_tag(run_id, "team", "red")
    return lambda: _runs_by_tag(uri)


def qtui_deleted(uri: str) -> Callable[[], Digest]:
    """Delete all runs by one edit of qtui."""
    from qtui.recorder import Delete, Library

    with _own_journal(uri), Library(uri) as library:
        library.apply(Delete([info for batch in library.infos() for info in batch.items]))
    return lambda: _runs_by_tag(uri)


def mlflow_deleted(uri: str) -> Callable[[], Digest]:
    """Delete all runs with MLflow's client, one call for each run."""
    from mlflow.tracking import MlflowClient

    client = MlflowClient(uri)
    for run_id in _run_ids(client):
        client.delete_run(run_id)
    return lambda: _runs_by_tag(uri)


@contextmanager
def _own_journal(uri: str) -> Iterator[None]:
    """Keep the journal of edits beside the store."""
    os.environ["XDG_STATE_HOME"] = str(Path(uri.partition(":")[2].replace("///", "/")).parent / "state")
    yield


def _run_ids(client: Any) -> list[str]:
    experiment_ids = [experiment.experiment_id for experiment in client.search_experiments()]
    return [run.info.run_id for run in client.search_runs(experiment_ids, max_results=50_000)]


def _runs_by_tag(uri: str) -> Digest:
    """Return the numbers of active runs and of tagged ones."""
    from qtui.store import open_store

    with closing(open_store(uri)) as store:
        runs = [run for infos in store.infos() for batch in store.runs(infos.items) for run in batch.items]
    return {"runs": len(runs), "tagged": sum(run.tags.get("team") == "red" for run in runs)}


def _points(name: str) -> Iterator[tuple[str, Point]]:
    """Yield points in the order of a training: all metrics of a step after the other."""
    keys, steps = map(int, name.split())
    for step in range(steps):
        for key in range(keys):
            yield f"metric_{key}", Point(step, START + step, math.sin(step + key))


def _logged(uri: str) -> Digest:
    """Return a digest of the only run of a store."""
    from qtui.store import open_store

    with closing(open_store(uri)) as store:
        [listing] = store.infos()
        [[run]] = [batch.items for batch in store.runs(listing.items)]
        lengths = {key: len(store.history(run.info, key)[0]) for key in run.metrics}
    return {"points": sum(lengths.values()), "sum": sum(point.value for point in run.metrics.values())}


def qtui_history(uri: str) -> Callable[[], Digest]:
    """Read the metric `loss` of the only run with qtui."""
    from qtui.store import open_store

    with closing(open_store(uri)) as store:
        info = next(info for batch in store.infos() for info in batch.items)
        history, _ = store.history(info, "loss")
    return lambda: {"points": len(history), "sum": math.fsum(history.values.tolist())}


def qtui_drawn(uri: str) -> Callable[[], Digest]:
    """Read and draw the metric `loss` of the only run with qtui."""
    from qtui.plot.curves.chart import Chart
    from qtui.plot.curves.drawing import draw_chart
    from qtui.plot.series import Series, make_curve
    from qtui.store import open_store

    with closing(open_store(uri)) as store:
        info = next(info for batch in store.infos() for info in batch.items)
        history, _ = store.history(info, "loss")
    draw_chart(Chart((make_curve(Series.from_history(history, "loss", "run-0")),)), 200, 55)
    return lambda: {"points": len(history), "sum": math.fsum(history.values.tolist())}


def mlflow_history(uri: str) -> Callable[[], Digest]:
    """Read the metric `loss` of the only run with MLflow's client."""
    from mlflow.tracking import MlflowClient

    client = MlflowClient(uri)
    experiment_ids = [experiment.experiment_id for experiment in client.search_experiments()]
    points = client.get_metric_history(client.search_runs(experiment_ids)[0].info.run_id, "loss")
    return lambda: {"points": len(points), "sum": math.fsum(point.value for point in points)}


def pandas_history(uri: str) -> Callable[[], Digest]:
    """Parse the file of the metric `loss` with pandas."""
    import pandas

    metric = next(Path(uri.removeprefix("file://")).glob("[0-9]*/*/metrics/loss"))
    table = pandas.read_csv(metric, sep=" ", header=None)
    return lambda: {"points": len(table), "sum": math.fsum(table[1])}


def qlib_logging(uri: str) -> Callable[[], Digest]:
    """Log points one by one with MLflow's client, as Qlib's thread does."""
    from mlflow.tracking import MlflowClient

    client = MlflowClient(uri)
    experiment_id = client.create_experiment("logging")
    run_id = client.create_run(experiment_id).info.run_id
    for step in range(points_for(uri)):
        client.log_metric(run_id, "loss", step / 7, step=step)
    client.set_terminated(run_id)
    return mlflow_history_in(uri, experiment_id)


def qtui_logging(uri: str) -> Callable[[], Digest]:
    """Log the same points with R."""
    from qtui.recorder import from_config

    recorder = from_config(uri)
    with recorder.start(experiment_name="logging") as experiment:
        for step in range(points_for(uri)):
            recorder.log_metrics(loss=step / 7, step=step)
    return mlflow_history_in(uri, experiment.id)


def points_for(uri: str) -> int:
    """Return the number of points to log into a store, which is the name of its folder."""
    return int(Path(uri).parent.name)


def mlflow_history_in(uri: str, experiment_id: str) -> Callable[[], Digest]:
    """Return a function that reads the metric of the only run of an experiment with MLflow's client."""

    def read() -> Digest:
        from mlflow.tracking import MlflowClient

        client = MlflowClient(uri)
        points = client.get_metric_history(client.search_runs([experiment_id])[0].info.run_id, "loss")
        return {"points": len(points), "sum": math.fsum(point.value for point in points)}

    return read


def _digest(runs: Iterable[tuple[Any, Any, Iterable[float]]]) -> Digest:
    """Return the numbers of values, and the sum of the metrics."""
    digest = {"runs": 0, "params": 0, "tags": 0}
    values: list[float] = []
    for params, tags, metrics in runs:
        digest["runs"] += 1
        digest["params"] += len(params)
        digest["tags"] += len(tags)
        values += metrics
    return {**digest, "sum": math.fsum(values)}


PROBES: dict[str, Callable[..., Callable[[], Digest]]] = {
    probe.__name__: probe
    for probe in (
        *(qtui_runs, mlflow_runs, sqlite_rows, bare_files),
        *(qtui_history, qtui_drawn, mlflow_history, pandas_history),
        *(qtui_logged, mlflow_logged),
        *(qtui_tagged, mlflow_tagged, qtui_deleted, mlflow_deleted),
        *(qlib_logging, qtui_logging),
    )
}


def main(name: str, small: str, large: str, *arguments: str) -> None:
    """Do the work on the small store, then measure it on the large one."""
    probe = PROBES[name]
    probe(small, *arguments)
    started = perf_counter()
    digest = probe(large, *arguments)
    seconds = perf_counter() - started
    print(json.dumps((seconds, digest())))


if __name__ == "__main__":
    main(*sys.argv[1:])
