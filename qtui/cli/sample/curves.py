"""Metric curves of the sample runs."""

from __future__ import annotations

import math
from random import Random


def falling_curve(rng: Random, steps: int, start: float, floor: float, rate: float, noise: float = 0.02) -> list[float]:
    """Return a loss: it falls fast, then slowly, with noise."""
    values = []
    drift = 0.0
    for step in range(steps):
        drift = 0.8 * drift + rng.gauss(0, noise)
        fallen = floor + (start - floor) * math.exp(-rate * step / steps)
        values.append(round(fallen * math.exp(drift), 6))
    return values


def rising_curve(
    rng: Random, steps: int, start: float, ceiling: float, rate: float, noise: float = 0.01
) -> list[float]:
    """Return an accuracy or a correlation: it rises and levels off."""
    values = []
    for step in range(steps):
        risen = ceiling - (ceiling - start) * math.exp(-rate * step / steps)
        values.append(round(risen + rng.gauss(0, noise) * (1 - 0.6 * step / steps), 6))
    return values


def overfitting_curve(curve: list[float], since: float, slope: float) -> list[float]:
    """Return the curve with a rising end, like the validation loss of a model that overfits."""
    turn = int(len(curve) * since)
    return [round(value * (1 + slope * max(0, step - turn) / len(curve)), 6) for step, value in enumerate(curve)]


def diverging_curve(rng: Random, curve: list[float], since: float) -> list[float]:
    """Return the curve up to a divergence: a few huge values, infinity, and then only NaN."""
    turn = int(len(curve) * since)
    huge = [curve[turn] * 6**power * rng.uniform(0.8, 1.2) for power in range(1, 6)]
    return [*curve[:turn], *(round(value, 6) for value in huge), math.inf, *[math.nan] * (len(curve) - turn - 6)]


def cosine(steps: int, peak: float, warmup: int) -> list[float]:
    """Return a learning rate with linear warm-up and cosine decay."""
    rates = [peak * (step + 1) / warmup for step in range(min(warmup, steps))]
    left = max(1, steps - warmup)
    rates += [peak * 0.5 * (1 + math.cos(math.pi * step / left)) for step in range(steps - len(rates))]
    return [float(f"{rate:.6g}") for rate in rates]
