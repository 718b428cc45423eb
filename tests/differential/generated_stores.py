"""Generation of store contents with difficult values for sorting, filtering and latest metrics; seeded."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from random import Random

from qtui.entities import Point

SEED = 20260711
START = 1_700_000_000_000

NAMES = (
    "run_1",
    "run%1",
    "RUN_1",
    "runs1",
    "it's",
    'say "hi"',
    "back\\slash",
    "滚动 2020",
    "ŠTAJERSKA",
    "tail\n",
    "a b",
    "[x]",
)
STATUSES = ("FINISHED", "FINISHED", "FINISHED", "FAILED", "KILLED", "RUNNING", "SCHEDULED")
USERS = ("alice", "Bob", "用户")
PARAMS = {
    "lr": ("0.1", "0.01", "1e-3", "10", "9", "-5", " 0.5", "NaN", "", "0.10"),
    "model": ("LSTM", "lstm", "LGBModel", "GRU 量化", "100%", "a_b", "axb"),
    "note": ("one\r\ntwo\r\n", "one\ntwo", "tail\n", "", "  ", "\ttab", "É", "é", "ﬁ", "ß", "SS"),
    "net/kwargs/depth": ("8", "16", "08"),
    "batch size": ("128", "1e2", "256"),
    "窗口": ("20", "60"),
    "select": ("from", "where"),
    "a.b-c_d": ("1", "2"),
}
TAGS = {
    "stage": ("dev", "Prod", "prod", "PROD", ""),
    "fold": ("0", "1", "2", "10"),
    "mlflow.note.content": ("# Title\n\nText.", "a 'note'", 'a "note"', "100%", "100 percent"),
    "group/part": ("a", "b"),
    "空": ("是", "否"),
}
VALUES = (0.0, -0.0, 0.05, -0.05, 0.1 + 0.2, 1.0, 1e-300, 1e300, -1e300, 5e-324, math.nan, math.inf, -math.inf)
METRICS = ("ic", "loss", "valid/l2", "valid/deep/l1", "Rank IC", "损失", "rare")
STEPS = ((0,), (0, 1, 2), (5, 3, 9, 1), (0, 0, 0), (-3, -1, -2), (7, 7), (2_000_000_000_000,), (0, 10, 10, 5))
DATASETS = (
    ("csi300", "abc123", "training"),
    ("csi300", "def456", "validation"),
    ("CSI500", "abc123", "training"),
    ("验证 集", "0", None),
)


@dataclass(frozen=True)
class GeneratedRun:
    """A run to be written; `dead` means deleted."""

    run_id: str
    name: str
    status: str
    start: int
    end: int | None
    user: str
    dead: bool = False
    params: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    metrics: dict[str, list[Point]] = field(default_factory=dict)
    datasets: tuple[tuple[str, str, str | None], ...] = ()


@dataclass(frozen=True)
class GeneratedExperiment:
    """An experiment to be written, with its runs."""

    experiment_id: str
    name: str
    created: int
    dead: bool = False
    tags: dict[str, str] = field(default_factory=dict)
    runs: tuple[GeneratedRun, ...] = ()


def generate_experiments(runs: int = 48) -> tuple[GeneratedExperiment, ...]:
    """Return experiments with this total number of runs; two have the same creation time, one is deleted."""
    random = Random(SEED)
    experiments = (
        GeneratedExperiment("0", "Default", START),
        GeneratedExperiment("7", "阿尔法 因子", START + 5, tags={"team": "quant", "mlflow.note.content": "一个\n实验"}),
        GeneratedExperiment("123456789012345678", "team/alpha", START + 9),
        GeneratedExperiment("9", '100% "quoted"', START + 9),
        GeneratedExperiment("30", "deleted one", START + 20, dead=True),
        GeneratedExperiment("31", "empty", START + 30),
    )
    shares = (1, 5, 3, 1, 2, 0)
    return tuple(
        replace(experiment, runs=tuple(_generate_run(random) for _ in range(runs * share // sum(shares))))
        for experiment, share in zip(experiments, shares, strict=True)
    )


def _generate_run(random: Random) -> GeneratedRun:
    status = random.choice(STATUSES)
    start = START + random.randrange(12) * 60_000
    return GeneratedRun(
        run_id=f"{random.getrandbits(128):032x}",
        name=random.choice(NAMES),
        status=status,
        start=start,
        end=None if status in ("RUNNING", "SCHEDULED") else start + random.choice((0, 1, 999, 60_000, 86_400_000)),
        user=random.choice(USERS),
        dead=random.random() < 0.15,
        params=_pick(random, PARAMS),
        tags=_pick(random, TAGS),
        metrics={key: _generate_points(random, start) for key in METRICS if random.random() < _frequency(key)},
        datasets=tuple(dataset for dataset in DATASETS if random.random() < 0.2),
    )


def _pick(random: Random, kind: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {key: random.choice(values) for key, values in kind.items() if random.random() < 0.8}


def _frequency(key: str) -> float:
    return 0.1 if key == "rare" else 0.8


def _generate_points(random: Random, start: int) -> list[Point]:
    """Return points in logging order; timestamps may be equal or decrease."""
    return [
        Point(step, start + random.choice((0, 0, 1, 1000)), random.choice((*VALUES, random.uniform(-1, 1))))
        for step in random.choice(STEPS)
    ]
