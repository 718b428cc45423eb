"""Write the sample store: runs with fixed IDs, and times that end now."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import NamedTuple

from qtui.cli.sample.curves import diverging_curve
from qtui.cli.sample.documents import training_log
from qtui.cli.sample.families import FAILED, FAMILIES, FINISHED, Family, Outcome
from qtui.cli.sample.qlib_records import qlib_records
from qtui.cli.sample.trial import Trial
from qtui.entities import (
    GIT_COMMIT_TAG,
    NOTE_TAG,
    PARENT_RUN_TAG,
    SOURCE_NAME_TAG,
    USER_TAG,
    ExperimentInfo,
    Point,
    Run,
    RunInfo,
)
from qtui.formatting import DAY_MS
from qtui.store.files.layout.folders import META
from qtui.store.files.writing.sample import write_experiment, write_run

SEED = 158
MARKET_SEED = 600
"""Chosen so that the backtests have a positive return."""
SAMPLE_TAG = "qtui.sample"
"""Marks the experiments of a sample store, to tell it from other stores."""

TRACEBACK = b"""Traceback (most recent call last):
  File "train.py", line 112, in <module>
    loss.backward()
RuntimeError: CUDA out of memory. Tried to allocate 2.34 GiB.
"""


class SampleSize(NamedTuple):
    """The number of experiments and runs of a sample store."""

    experiments: int
    runs: int


def is_sample(root: Path) -> bool:
    """Return whether a folder is a sample store."""
    return any((root / _experiment_id(family) / "tags" / SAMPLE_TAG).is_file() for family in FAMILIES)


def write_sample(root: Path, location: Path, now: int) -> SampleSize:
    """Write the store into a folder that will afterwards be moved to its location."""
    write_experiment(root, ExperimentInfo("0", "Default", "active", (location / "0").as_uri(), now, now))
    for family in FAMILIES:
        _write_family(root, location, family, now)
    return SampleSize(len(FAMILIES) + 1, sum(family.runs for family in FAMILIES))


def write_damaged_run(root: Path) -> None:
    """Add a run with a truncated meta.yaml, as after a full disk, so that the store has a problem."""
    folder = root / _experiment_id(FAMILIES[-2]) / f"{Random(f'{SEED} damaged').getrandbits(128):032x}"
    (folder / "params").mkdir(parents=True)
    (folder / "params" / "window").write_text("20")
    (folder / META).write_text("artifact_uri: file:///lost\nend_time: [17714")


def _experiment_id(family: Family) -> str:
    """Return an experiment ID of 18 digits, as MLflow does."""
    return str(Random(f"{SEED} {family.experiment}").randrange(10**17, 10**18))


def _write_family(root: Path, location: Path, family: Family, now: int) -> None:
    """Write an experiment with its runs."""
    experiment = _experiment(location, family, now)
    folder = write_experiment(root, experiment)
    rng = Random(f"{SEED} runs of {family.experiment}")
    run_ids = [f"{rng.getrandbits(128):032x}" for _ in range(family.runs)]
    for index, run_id in enumerate(run_ids):
        info = RunInfo(
            run_id,
            experiment.experiment_id,
            artifact_uri=f"{experiment.artifact_location}/{run_id}/artifacts",
            user=family.users[index % len(family.users)],
        )
        parent = {PARENT_RUN_TAG: run_ids[family.sweep.start - 1]} if index in family.sweep else {}
        _write_run(rng, folder, family, index, info, parent, now)


def _experiment(location: Path, family: Family, now: int) -> ExperimentInfo:
    """Return the experiment of a family, as old as its first run."""
    experiment_id = _experiment_id(family)
    created = now - int(family.days * DAY_MS)
    return ExperimentInfo(
        experiment_id,
        family.experiment,
        family.lifecycle_stage,
        (location / experiment_id).as_uri(),
        created,
        created,
        {SAMPLE_TAG: "true"} | ({NOTE_TAG: family.note} if family.note else {}),
    )


def _write_run(
    rng: Random, folder: Path, family: Family, index: int, info: RunInfo, tags: Mapping[str, str], now: int
) -> None:
    """Write one run with its outcome."""
    outcome = family.outcomes.get(index, FINISHED)
    trial = _apply_outcome(rng, family.recipe(rng, index), outcome)
    if index in family.qlib_records:
        records = qlib_records(MARKET_SEED + index, trial.results["IC"])
        trial = replace(trial, results=records.metrics, artifacts={**trial.artifacts, **records.artifacts})
    start, last = _times(rng, family, index, trial, outcome, now)
    info = replace(
        info,
        name=trial.name,
        status=outcome.status.value,
        lifecycle_stage=outcome.lifecycle_stage,
        start_time=start,
        end_time=last if outcome.ends else None,
    )
    run = Run(info, trial.params, tags={**_tags(rng, family, info, trial), **tags}, inputs=trial.inputs)
    artifacts = dict(trial.artifacts)
    if curve := trial.curves.get(trial.log_of):
        artifacts["log.txt"] = training_log(curve, start, last, trial.artifacts.get("traceback.txt", b""))
    _set_times(write_run(folder, run, _histories(trial, start, last), artifacts), last)


def _apply_outcome(rng: Random, trial: Trial, outcome: Outcome) -> Trial:
    """Return the trial truncated where the run ended, or with divergent losses."""
    if outcome.diverges:
        curves = {
            key: diverging_curve(rng, curve, 0.3) if "loss" in key else curve for key, curve in trial.curves.items()
        }
        return replace(trial, curves=curves, results={})
    if outcome.share == 1:
        return trial
    curves = {key: curve[: int(len(curve) * outcome.share)] for key, curve in trial.curves.items()}
    artifacts = {"traceback.txt": TRACEBACK} if outcome is FAILED else {}
    logged = {key: curve for key, curve in curves.items() if curve}
    return replace(trial, curves=logged, results={}, artifacts=artifacts)


def _times(rng: Random, family: Family, index: int, trial: Trial, outcome: Outcome, now: int) -> tuple[int, int]:
    """Return the start of a run and its last write (ms)."""
    duration_ms = int(max(trial.steps, 1) * trial.seconds_per_step * 1000 * rng.uniform(0.9, 1.1))
    if outcome.age_ms is not None:
        return now - outcome.age_ms - duration_ms * (trial.steps > 0), now - outcome.age_ms
    share = (index + rng.uniform(0.1, 0.9)) / family.runs
    start = min(now - int(family.days * DAY_MS * (1 - share)), now - duration_ms - 60_000)
    return start, start + duration_ms


def _histories(trial: Trial, start: int, last: int) -> Mapping[str, list[Point]]:
    """Return the points of every metric, spread over the duration of the run."""
    interval = (last - start) / max(trial.steps, 1)
    curves = {
        key: [Point(step, start + int(interval * (step + 1)), value) for step, value in enumerate(curve)]
        for key, curve in trial.curves.items()
    }
    return curves | {key: [Point(0, last, value)] for key, value in trial.results.items()}


def _tags(rng: Random, family: Family, info: RunInfo, trial: Trial) -> Mapping[str, str]:
    """Return the tags that MLflow sets for every run, and those of this run."""
    return {
        USER_TAG: info.user,
        SOURCE_NAME_TAG: family.source,
        "mlflow.source.type": "LOCAL",
        GIT_COMMIT_TAG: f"{rng.getrandbits(160):040x}",
        **trial.tags,
    }


def _set_times(folder: Path, last: int) -> None:
    """Set the modification times of the files to the times of their content."""
    for path, _, names in os.walk(folder):
        for name in names:
            os.utime(os.path.join(path, name), ns=(last * 1_000_000, last * 1_000_000))
