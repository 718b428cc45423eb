"""A store of one run, and how both sides read it after something was done to it."""

from __future__ import annotations

from contextlib import closing

from qtui.entities import Point, View
from qtui.query.projection import ALL_VALUES
from qtui.store import open_store
from tests.differential.invent import START, InventedExperiment, InventedRun
from tests.differential.plain import plain, points
from tests.differential.witness import Witness

RUN = InventedRun(
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
EXPERIMENT = InventedExperiment("7", "the experiment", START, tags={"team": "quant"}, runs=(RUN,))


def compare(uri: str) -> None:
    """Hold what MLflow reads against what qtui reads of the same store."""
    witness = Witness(uri)
    with closing(open_store(uri)) as store:
        assert plain(store.experiments(View.ALL).items) == plain(witness.experiments(View.ALL))
        told = witness.runs([EXPERIMENT.experiment_id])
        infos = [info for batch in store.infos([EXPERIMENT.experiment_id], View.ALL) for info in batch.items]
        runs = [run for batch in store.runs(infos, ALL_VALUES) for run in batch.items]
        assert plain(runs) == plain(told)
        for run in told:
            for key in run.metrics:
                history, _ = store.history(run.info, key)
                assert plain(points(history)) == plain(witness.history(run.info.run_id, key))
