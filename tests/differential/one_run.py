"""A store with one run, and the comparison of how qtui and MLflow read it."""

from __future__ import annotations

from contextlib import closing

from qtui.entities import Point, ViewType
from qtui.query.projection import ALL_VALUES
from qtui.store import open_store
from tests.differential.generated_stores import START, GeneratedExperiment, GeneratedRun
from tests.differential.mlflow_reader import MlflowReader
from tests.differential.normalize import normalize, points

RUN = GeneratedRun(
    run_id="0" * 31 + "1",
    name="the run",
    status="FINISHED",
    start=START,
    end=START + 1000,
    user="alice",
    params={"lr": "0.1"},
    tags={"stage": "dev"},
    metrics={"ic": [Point(0, START, 0.5), Point(1, START + 1, 0.25)]},
    datasets=(("csi300", "abc", "training"),),
)
EXPERIMENT = GeneratedExperiment("7", "the experiment", START, tags={"team": "quant"}, runs=(RUN,))


def compare(uri: str) -> None:
    """Check that qtui and MLflow read a store alike."""
    mlflow_reader = MlflowReader(uri)
    with closing(open_store(uri)) as store:
        assert normalize(store.experiments(ViewType.ALL).items) == normalize(mlflow_reader.experiments(ViewType.ALL))
        mlflow_runs = mlflow_reader.runs([EXPERIMENT.experiment_id])
        infos = [info for batch in store.infos([EXPERIMENT.experiment_id], ViewType.ALL) for info in batch.items]
        runs = [run for batch in store.runs(infos, ALL_VALUES) for run in batch.items]
        assert normalize(runs) == normalize(mlflow_runs)
        for run in mlflow_runs:
            for key in run.metrics:
                history, _ = store.history(run.info, key)
                assert normalize(points(history)) == normalize(mlflow_reader.history(run.info.run_id, key))
