"""Where qtui means to differ from MLflow. Every difference that the suite lets pass stands here, with its reason.

Infinities in a database
    MLflow holds an infinity as the largest number, and gives that number back. qtui gives the infinity that was logged.
Filters by an infinity over a database
    So `metrics.y = 1e999` matches an infinity in MLflow's files, and nothing in its databases, where it is less than
    `1e999`. A filter means one thing in qtui, whatever the store: an infinity is equal to itself, as over files.
Metric lines with five fields (step, dataset)
    MLflow reads the step of three-field lines only, and says 0 for these. qtui gives the step that was logged.
Artifacts of a run that was moved, with its store or into the trash with its experiment
    MLflow looks where the run says and finds nothing. qtui finds them; MLflow's copy is told where they are.
Stage of a deleted experiment that MLflow 1 moved into the trash
    MLflow 1 left `active` in its description; MLflow 3 repeats that, but lists it as deleted. qtui says deleted.
LIKE and ILIKE over a database
    MLflow's two stores disagree: over files `%` and `_` stop at the end of a line and ILIKE knows every alphabet, over
    sqlite `%` crosses lines and ILIKE knows ASCII. A filter means one thing in qtui, whatever the store: the former.
Names that look like something else
    MLflow takes a name like 1.5 or 2020-01-01 in a meta.yaml for a number or a date. qtui gives the text.
Filters that nobody means
    MLflow's parser lets some broken texts through, each in a way of its own: it drops an AND that has nothing beside
    it, so that a filter cut off in a script selects more than was meant. qtui points at the mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qtui.entities import Experiment, Point
from tests.differential.cases import Case
from tests.differential.shelf import Stand

DATASET_LINE_STEP = 1
"""The step of the one metric line with five fields in the sample stores (`auc`, written by MLflow 3)."""

BROKEN_BUT_ACCEPTED = (
    "AND",
    "AND AND",
    "AND status = 'FINISHED'",
    "status = 'FINISHED' AND",
    "status = 'FINISHED' AND AND user_id = 'x'",
    "run_id IN ('a' 'b')",
    "params. = 'x'",
    "tags.`group`part IS NULL",
)


def as_deleted(experiments: Sequence[Experiment], deleted: Sequence[Experiment]) -> list[Experiment]:
    """MLflow's experiments, with the stage `deleted` where it lists them as deleted."""
    ids = {experiment.experiment_id for experiment in deleted}
    return [replace(each, lifecycle_stage="deleted") if each.experiment_id in ids else each for each in experiments]


def as_logged(stand: Stand, key: str, points: Sequence[Point]) -> list[Point]:
    """MLflow's history, with the step that it lost."""
    if not stand.is_database and key == "auc":
        return [point if point.step else point._replace(step=DATASET_LINE_STEP) for point in points]
    return list(points)


def stores_disagree(stand: Stand, case: Case) -> bool:
    """Whether MLflow's answer to this depends on the kind of its store."""
    return stand.is_database and ("LIKE" in case.text or "1e999" in case.text)
