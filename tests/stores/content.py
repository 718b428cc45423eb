"""The content of every store of the shared suite, and its writing with MLflow's client."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass, field
from pathlib import Path

from qtui.entities import RUN_NAME_TAG, DatasetInput, ExperimentInfo, History, Point, Run, RunInfo
from qtui.store.memory import MemoryStore

START = 1_600_000_000_000
MINUTE = 60_000


@dataclass(frozen=True)
class RunSpec:
    """A run to write."""

    name: str
    experiment: str = "alpha"
    status: str = "FINISHED"
    start: int = START
    end: int | None = START + MINUTE
    deleted: bool = False
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, list[Point]] = field(default_factory=dict)
    """Points in logging order; timestamps increase, because a database keeps no other order."""
    inputs: tuple[DatasetInput, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)


def points(*values: float, steps: tuple[int, ...] | None = None) -> list[Point]:
    """Return points one second apart, by default at steps 0, 1, 2..."""
    return [
        Point(step, START + 1000 * place, value)
        for place, (step, value) in enumerate(zip(steps or range(len(values)), values, strict=True))
    ]


EXPERIMENTS = {"alpha": {"team": "red"}, "量化/β": {}, "gone": {}}
DELETED_EXPERIMENT = "gone"

RUNS = [
    RunSpec(
        "full",
        start=START + 1 * MINUTE,
        params={"lr": "0.1", "nested/depth": "6", "empty": "", "lines": "a\nb", "名": "值"},
        tags={"team": "red", "note with spaces": "x"},
        metrics={
            "loss": points(1.0, 0.5, 0.25),
            "nested/ic": points(-0.1, 0.04),
            "odd": points(1.0, math.nan, math.inf, -math.inf),
            "unordered": points(50.0, 30.0, 90.0, 10.0, steps=(5, 3, 9, 1)),
            "twice": points(1.0, 3.0, 2.0, steps=(4, 4, 4)),
            "negative": points(1.0, 2.0, steps=(-2, -1)),
            "tiny": points(5e-324),
        },
        inputs=(
            DatasetInput("csi300", "abc123", "local", '{"uri": "x"}', "{}", None, {"mlflow.data.context": "training"}),
        ),
        files={"pred.pkl": b"0123456789", "sig/ic.pkl": b"01234", "sig/deep/ric.pkl": b"", "with space/名.txt": b"x"},
    ),
    RunSpec("low", start=START + 2 * MINUTE, params={"lr": "0.05"}, metrics={"loss": points(0.9)}),
    RunSpec("text", status="FAILED", start=START + 3 * MINUTE, params={"lr": "auto"}),
    RunSpec("alive", status="RUNNING", start=START + 4 * MINUTE, end=None, metrics={"loss": points(math.nan)}),
    RunSpec("stopped", status="KILLED", start=START + 5 * MINUTE, tags={"team": "blue"}),
    RunSpec("waiting", status="SCHEDULED", start=START + 6 * MINUTE, end=None),
    RunSpec("twin", start=START),
    RunSpec("twin", start=START),
    RunSpec("thrown away", deleted=True, start=START + 7 * MINUTE, params={"lr": "0.1"}),
    RunSpec(
        "other", experiment="量化/β", start=START + 8 * MINUTE, params={"lr": "0.1"}, metrics={"loss": points(7.0)}
    ),
    RunSpec("lost", "gone", deleted=True, start=START + 9 * MINUTE),
]


def in_memory() -> MemoryStore:
    """Return an in-memory store with the content."""
    experiments = [
        ExperimentInfo("0", "Default", creation_time=START),
        *(
            ExperimentInfo(
                name, name, "deleted" if name == DELETED_EXPERIMENT else "active", f"memory:{name}", tags=tags
            )
            for name, tags in EXPERIMENTS.items()
        ),
    ]
    ids = [f"{place:032x}" for place in range(len(RUNS))]
    return MemoryStore(
        experiments,
        [entity(run_id, run) for run_id, run in zip(ids, RUNS, strict=True)],
        [
            History.of(run_id, key, history)
            for run_id, run in zip(ids, RUNS, strict=True)
            for key, history in run.metrics.items()
        ],
        {
            run_id: {path: len(content) for path, content in run.files.items()}
            for run_id, run in zip(ids, RUNS, strict=True)
        },
        batch=3,
    )


def entity(run_id: str, run: RunSpec) -> Run:
    """Return a run as an entity."""
    stage = "deleted" if run.deleted else "active"
    info = RunInfo(run_id, run.experiment, run.name, run.status, stage, run.start, run.end, f"memory:{run_id}")
    return Run(info, run.params, {}, {RUN_NAME_TAG: run.name, **run.tags}, run.inputs)


def write(uri: str, artifacts: Path) -> None:
    """Write the content with MLflow's client; `artifacts` is the folder for artifacts where MLflow has no default."""
    from mlflow import MlflowClient

    client = MlflowClient(uri)
    own = uri.startswith("file:")
    ids = {
        name: client.create_experiment(name, None if own else (artifacts / str(place)).as_uri(), tags)
        for place, (name, tags) in enumerate(EXPERIMENTS.items(), 1)
    }
    for run in RUNS:
        write_run(client, ids[run.experiment], run)
    client.delete_experiment(ids[DELETED_EXPERIMENT])


def write_run(client, experiment_id: str, run: RunSpec) -> None:
    """Write one run, point by point."""
    from mlflow.entities import Metric, Param

    run_id = client.create_run(experiment_id, run.start, run.tags, run.name).info.run_id
    client.log_batch(run_id, params=[Param(key, value) for key, value in run.params.items()])
    for key, history in run.metrics.items():
        for point in history:
            client.log_batch(run_id, metrics=[Metric(key, point.value, point.timestamp, point.step)])
    if run.inputs:
        client.log_inputs(run_id, [foreign_input(dataset_input) for dataset_input in run.inputs])
    for path, content in run.files.items():
        write_file(client, run_id, path, content)
    if run.end is not None:
        client.set_terminated(run_id, run.status, run.end)
    elif run.status != "RUNNING":
        client.update_run(run_id, run.status)
    if run.deleted:
        client.delete_run(run_id)


def write_file(client, run_id: str, path: str, content: bytes) -> None:
    """Log an artifact with this content."""
    import tempfile

    folder, _, name = path.rpartition("/")
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / name).write_bytes(content)
        client.log_artifact(run_id, str(Path(scratch) / name), folder or None)


def foreign_input(used: DatasetInput):
    """Return a dataset input as MLflow's entity."""
    from mlflow.entities import Dataset, InputTag
    from mlflow.entities import DatasetInput as Foreign

    dataset = Dataset(used.name, used.digest, used.source_type, used.source, used.schema, used.profile)
    return Foreign(dataset, [InputTag(key, value) for key, value in used.tags.items()])


if __name__ == "__main__":
    write(sys.argv[1], Path(sys.argv[2]))
