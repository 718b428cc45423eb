"""Tests that the writer produces the same rows as MLflow, in every table."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from qtui.entities import Point
from qtui.store.writer import Metric
from tests.stores.sides import START, Ours, Side, Theirs

RECENT = 1_600_000_000_000
POINTS = [1.0, -0.5, 5e-324, 1e300, math.nan, math.inf, -math.inf, -0.0, 0.1 + 0.2]


def experiments(side: Side) -> None:
    side.create("alpha")
    side.create("量化/β", "s3://bucket/a?v=1", {"a": "b", "c/d": "line\nline"})
    side.create("here", "relative/folder")


def runs(side: Side) -> None:
    experiment = side.create("alpha")
    side.start(experiment, "first 名", {"mlflow.user": "quant", "a/b": "c\r\n"})
    side.start(experiment, "second", {})
    side.start(side.create("far", "s3://bucket/a?v=1"), "far", {})


def values(side: Side) -> None:
    run = side.start(side.create("alpha"), "r", {})
    points = [Metric("odd", Point(step, START + step, value)) for step, value in enumerate(POINTS)]
    side.log(run, [*points, Metric("nested/ic", Point(-3, START, 0.1))], {"lr": "0.1", "n/d": "a\r\nb"}, {"t": "1"})
    side.log(run, [Metric("odd", Point(0, START, 0.5))], {"lr": "0.1", "empty": ""}, {"t": "2", "名": "值"})
    side.untag(run, "t")


def latest_metrics(side: Side) -> None:
    run = side.start(side.create("alpha"), "r", {})
    for order, places in enumerate([(5, 0), (9, 1), (9, 0), (1, 9), (9, 1)]):
        side.log(run, [Metric("one by one", Point(places[0], START + places[1], float(order)))], {}, {})
    ties = [Point(3, START, value) for value in (1.0, 7.0, math.nan, -math.inf, 2.0)]
    side.log(run, [Metric("ties", point) for point in ties], {}, {})
    side.log(run, [Metric("below nan", Point(3, START, value)) for value in (-1.0, math.nan, -0.5)], {}, {})


def repeated_values(side: Side) -> None:
    run = side.start(side.create("alpha"), "r", {})
    points = [Metric("m", Point(step, START, 0.5)) for step in (0, 1, 1, 2)]
    side.log(run, points, {"p": "v"}, {})
    side.log(run, [*points, Metric("m", Point(3, START, 0.5)), Metric("n", Point(0, START, math.nan))], {"p": "v"}, {})
    side.log(run, [Metric("n", Point(0, START, math.nan))], {}, {})


def many(side: Side) -> None:
    run = side.start(side.create("alpha"), "r", {})
    side.log(
        run, [Metric(f"m{key}", Point(step, START, 0.1 * step)) for key in range(9) for step in range(100)], {}, {}
    )
    side.log(run, [], {f"p{key}": "v" for key in range(100)}, {})


def named(side: Side) -> None:
    experiment = side.create("alpha")
    side.log(side.start(experiment, "r", {}), [], {}, {"mlflow.runName": "by tag"})
    side.update(side.start(experiment, "r", {}), None, None, "by call")


def ended(side: Side) -> None:
    experiment = side.create("alpha")
    for status in ("FINISHED", "FAILED", "KILLED"):
        side.update(side.start(experiment, status, {}), status, START + 5, None)
    resumed = side.start(experiment, "resumed", {})
    side.update(resumed, "FINISHED", START + 5, None)
    side.update(resumed, "RUNNING", None, None)


def deleted(side: Side) -> None:
    experiment = side.create("alpha")
    side.delete(side.start(experiment, "gone", {}))
    back = side.start(experiment, "back", {})
    side.delete(back)
    side.restore(back)


def experiment_deleted(side: Side) -> str:
    experiment = side.create("alpha", tags={"team": "red"})
    side.start(experiment, "active", {})
    side.delete(side.start(experiment, "deleted before", {}))
    side.delete_experiment(experiment)
    return experiment


def experiment_restored(side: Side) -> None:
    side.restore_experiment(experiment_deleted(side))


def table_rows(uri: str, folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of all non-empty tables, with ids and recent times replaced by placeholders."""
    engine = sa.create_engine(uri)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        runs = connection.exec_driver_sql("SELECT run_uuid, experiment_id, name FROM runs").fetchall()
        ids = {run_id: f"run {name} of {experiment_id}" for run_id, experiment_id, name in runs}
        tables = {name: connection.exec_driver_sql(f'SELECT * FROM "{name}"').fetchall() for name in names}
    engine.dispose()
    return {
        name: sorted((tuple(plain(cell, ids, folder) for cell in row) for row in rows), key=repr)
        for name, rows in tables.items()
        if rows
    }


def plain(cell: object, ids: dict[str, str], folder: Path) -> object:
    """Return a cell with placeholders for values that differ between two identical writes."""
    if isinstance(cell, str):
        for run_id, name in ids.items():
            cell = cell.replace(run_id, name)
        return cell.replace(str(folder), "FOLDER")
    return "recently" if type(cell) is int and cell > RECENT else cell


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """Return a function that creates an empty database."""
    if request.param == "sqlite":
        origin = request.getfixturevalue("empty_database")
        return lambda folder: f"sqlite:///{shutil.copy(origin, folder / 'mlflow.db')}"
    create = request.getfixturevalue("empty_postgresql")
    return lambda folder: create()


@pytest.mark.parametrize(
    "scenario",
    [
        experiments,
        runs,
        values,
        latest_metrics,
        repeated_values,
        many,
        named,
        ended,
        deleted,
        experiment_deleted,
        experiment_restored,
    ],
)
def test_rows_equal_those_of_mlflow(
    scenario: Callable[[Side], object], empty: Callable[[Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = []
    for name, side in (("ours", Ours), ("theirs", Theirs)):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.chdir(folder)
        uri = empty(folder)
        engine = sa.create_engine(uri)
        with engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE experiments SET artifact_location = '{folder}/mlruns/0'")
        engine.dispose()
        with closing(side(uri)) as writer:
            scenario(writer)
        rows.append(table_rows(uri, folder))
    assert rows[0] == rows[1]


def test_mlflow_reads_our_rows(empty_database: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(empty_database, tmp_path / "mlflow.db"))
    ours = Ours(f"sqlite:///{path}")
    experiment = ours.create("量化", tags={"team": "red"})
    run_id = ours.start(experiment, "名", {"mlflow.user": "quant"})
    ours.log(run_id, [Metric("m", Point(1, START, 0.5)), Metric("m", Point(0, START, 7.0))], {"p": "v"}, {"t": "w"})
    ours.update(run_id, "FINISHED", START + 9, None)
    client = Theirs(f"sqlite:///{path}").client
    [run] = client.search_runs([experiment], "metrics.m = 0.5 AND params.p = 'v'")
    assert client.get_experiment_by_name("量化").tags["team"] == "red"
    assert (run.info.run_name, run.info.status, run.info.end_time) == ("名", "FINISHED", START + 9)
    assert (run.data.metrics, run.data.params) == ({"m": 0.5}, {"p": "v"})
    assert run.data.tags == {"mlflow.runName": "名", "mlflow.user": "quant", "t": "w"}
