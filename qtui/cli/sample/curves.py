"""Curves as training runs draw them."""

from __future__ import annotations

import math
from random import Random


def falling(chance: Random, steps: int, start: float, floor: float, rate: float, noise: float = 0.02) -> list[float]:
    """A loss: falls fast, then slowly, never quite smoothly."""
    values = []
    drift = 0.0
    for step in range(steps):
        drift = 0.8 * drift + chance.gauss(0, noise)
        fallen = floor + (start - floor) * math.exp(-rate * step / steps)
        values.append(round(fallen * math.exp(drift), 6))
    return values


def rising(chance: Random, steps: int, start: float, ceiling: float, rate: float, noise: float = 0.01) -> list[float]:
    """An accuracy or a correlation: rises and levels off."""
    values = []
    for step in range(steps):
        risen = ceiling - (ceiling - start) * math.exp(-rate * step / steps)
        values.append(round(risen + chance.gauss(0, noise) * (1 - 0.6 * step / steps), 6))
    return values


def overfitting(curve: list[float], since: float, slope: float) -> list[float]:
    """The curve, bent upwards in its last part, as a validation loss is when a model learns by heart."""
    turn = int(len(curve) * since)
    return [round(value * (1 + slope * max(0, step - turn) / len(curve)), 6) for step, value in enumerate(curve)]


def diverging(chance: Random, curve: list[float], since: float) -> list[float]:
    """The curve until it blows up: a few huge values, infinity, and then nothing but NaN."""
    turn = int(len(curve) * since)
    blown = [curve[turn] * 6**power * chance.uniform(0.8, 1.2) for power in range(1, 6)]
    return [*curve[:turn], *(round(value, 6) for value in blown), math.inf, *[math.nan] * (len(curve) - turn - 6)]


def cosine(steps: int, peak: float, warmup: int) -> list[float]:
    """A learning rate: up in a straight line, down along a cosine."""
    rates = [peak * (step + 1) / warmup for step in range(min(warmup, steps))]
    left = max(1, steps - warmup)
    rates += [peak * 0.5 * (1 + math.cos(math.pi * step / left)) for step in range(steps - len(rates))]
    return [float(f"{rate:.6g}") for rate in rates]
