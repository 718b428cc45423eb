"""Intended differences from MLflow, with their reasons. The suite allows no others.

Infinities in a database
    MLflow stores an infinity as the largest float, and returns that number. qtui returns the logged infinity.
Filters by an infinity over a database
    So `metrics.y = 1e999` matches an infinity in MLflow's files, and nothing in its databases, where it is less than
    `1e999`. In qtui, a filter has the same meaning in all stores: an infinity equals itself, as in files.
Metric lines with five fields (step, dataset)
    MLflow reads the step of three-field lines only, and returns 0 for these. qtui returns the logged step.
Artifacts of a run that was moved, with its store or into the trash with its experiment
    MLflow looks at the recorded path and finds nothing. qtui finds them; in MLflow's copy the paths are rewritten.
Stage of a deleted experiment that MLflow 1 moved into the trash
    MLflow 1 left `active` in meta.yaml; MLflow 3 returns that, but lists it as deleted. qtui returns deleted.
LIKE and ILIKE over a database
    MLflow's two stores disagree: in files `%` and `_` do not match newlines and ILIKE folds Unicode, in sqlite `%`
    matches newlines and ILIKE folds ASCII. In qtui, a filter has the same meaning in all stores: the former.
Names that look like other types
    MLflow parses a name like 1.5 or 2020-01-01 in meta.yaml as a number or a date. qtui returns the text.
Invalid filters
    MLflow's parser accepts some invalid texts: it drops an AND without operands, so that a truncated filter selects
    too many runs. qtui reports a syntax error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qtui.entities import ExperimentInfo, Point
from tests.differential.search_cases import Case
from tests.differential.store_pairs import StorePair

DATASET_LINE_STEP = 1
"""The step of the one metric line with five fields in the sample stores (`auc`, written by MLflow 3)."""

INVALID_FILTERS_OF_MLFLOW = (
    "AND",
    "AND AND",
    "AND status = 'FINISHED'",
    "status = 'FINISHED' AND",
    "status = 'FINISHED' AND AND user_id = 'x'",
    "run_id IN ('a' 'b')",
    "params. = 'x'",
    "tags.`group`part IS NULL",
)


def as_deleted(experiments: Sequence[ExperimentInfo], deleted: Sequence[ExperimentInfo]) -> list[ExperimentInfo]:
    """Return MLflow's experiments with the stage `deleted` if it lists them as deleted."""
    ids = {experiment.experiment_id for experiment in deleted}
    return [
        replace(experiment, lifecycle_stage="deleted") if experiment.experiment_id in ids else experiment
        for experiment in experiments
    ]


def as_logged(store_pair: StorePair, key: str, points: Sequence[Point]) -> list[Point]:
    """Return MLflow's history with the step that it loses."""
    if not store_pair.is_database and key == "auc":
        return [point if point.step else point._replace(step=DATASET_LINE_STEP) for point in points]
    return list(points)


def mlflow_stores_disagree(store_pair: StorePair, case: Case) -> bool:
    """Return whether MLflow's result depends on the kind of store."""
    return store_pair.is_database and ("LIKE" in case.text or "1e999" in case.text)
