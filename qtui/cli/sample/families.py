"""The experiments of the sample store, and the outcomes of their runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import NamedTuple

from qtui.cli.sample.quant import factor, lightgbm, transformer
from qtui.cli.sample.trial import Recipe
from qtui.cli.sample.vision import resnet, vit
from qtui.entities import Status
from qtui.value_classes import dataclass


class Outcome(NamedTuple):
    """The status of a run, and the share of its steps that were logged."""

    status: Status
    share: float = 1.0
    ends: bool = True
    lifecycle_stage: str = "active"
    diverges: bool = False
    age_ms: int | None = None
    """The age of the last write; None derives it from the start of the run."""


FINISHED = Outcome(Status.FINISHED)
DIVERGED = Outcome(Status.FINISHED, diverges=True)
DELETED = Outcome(Status.FINISHED, lifecycle_stage="deleted")
FAILED = Outcome(Status.FAILED, share=0.45)
KILLED = Outcome(Status.KILLED, share=0.7)
DIED = Outcome(Status.RUNNING, share=0.4, ends=False)
RUNNING = Outcome(Status.RUNNING, share=0.6, ends=False, age_ms=20_000)
SCHEDULED = Outcome(Status.SCHEDULED, share=0.0, ends=False, age_ms=180_000)


@dataclass(frozen=True, slots=True)
class Family:
    """An experiment and the recipe of its runs."""

    experiment: str
    recipe: Recipe
    runs: int
    days: float
    """The age of the first run in days."""
    source: str
    users: tuple[str, ...]
    note: str = ""
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    """The outcomes of runs that did not finish normally, by number."""
    sweep: range = range(0)
    """The numbers of runs that are children of the run before them."""
    lifecycle_stage: str = "active"
    qlib_records: tuple[int, ...] = ()
    """The numbers of runs with predictions, signal analysis and backtest, written by the record templates."""


FAMILIES = (
    Family(
        "csi300/lightgbm",
        lightgbm,
        runs=42,
        days=58,
        source="qrun",
        users=("lin", "wang"),
        note="Alpha158 with LightGBM. The number to beat: **IC 0.0448** of the benchmark.",
        outcomes={3: FAILED, 17: DELETED, 18: DELETED, 30: KILLED},
    ),
    Family(
        "csi300/transformer",
        transformer,
        runs=26,
        days=33,
        source="train_transformer.py",
        users=("lin",),
        qlib_records=(20, 23),
        outcomes={2: DIVERGED, 9: FAILED, 21: DIED, 24: RUNNING, 25: SCHEDULED},
    ),
    Family(
        "vision/cifar10/resnet",
        resnet,
        runs=38,
        days=21,
        source="train.py",
        users=("maria", "tom"),
        note="Baselines. Runs of a sweep hang below their parent.",
        outcomes={5: FAILED, 11: KILLED, 14: DIVERGED, 28: DELETED},
        sweep=range(20, 28),
    ),
    Family(
        "vision/cifar10/vit",
        vit,
        runs=20,
        days=12,
        source="train.py",
        users=("maria",),
        outcomes={1: FAILED, 2: FAILED, 7: DIVERGED, 19: RUNNING},
    ),
    Family(
        "因子研究/动量",
        factor("动量"),
        runs=28,
        days=45,
        source="因子/动量.py",
        users=("wang",),
        note="不同窗口的动量因子，按行业和市值中性化。",
        outcomes={6: FAILED, 12: DELETED},
    ),
    Family("因子研究/反转", factor("反转"), runs=18, days=9, source="因子/反转.py", users=("wang", "lin")),
    Family(
        "scratch",
        vit,
        runs=3,
        days=80,
        source="notebook.ipynb",
        users=("tom",),
        outcomes={0: DELETED, 1: DELETED, 2: DELETED},
        lifecycle_stage="deleted",
    ),
)
