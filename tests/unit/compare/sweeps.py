"""Sweeps of random params for the tests of importance, the same in every process."""

from __future__ import annotations

import math
import random
from typing import NamedTuple


class Trial(NamedTuple):
    """The params of a run, and its loss."""

    params: dict[str, float | str]
    loss: float


def sweep(count: int = 60, seed: int = 7) -> list[Trial]:
    """Runs in which `x` matters most, then `kind`; `units` and `noise` do not; only some kinds have `momentum`."""
    picks = random.Random(seed)
    trials = []
    for _ in range(count):
        params: dict[str, float | str] = {
            "x": picks.uniform(-5, 5),
            "lr": 10 ** picks.uniform(-5, -1),
            "units": float(picks.randint(1, 20)),
            "kind": picks.choice(("adam", "sgd", "lion")),
            "noise": picks.uniform(0, 1),
        }
        if params["kind"] == "sgd":
            params["momentum"] = picks.uniform(0, 1)
        x, lr = float(params["x"]), float(params["lr"])
        loss = (x - 1) ** 2 + 0.5 * abs(math.log10(lr) + 3) + (0 if params["kind"] == "adam" else 3)
        trials.append(Trial(params, loss + float(params.get("momentum", 0))))
    return trials
