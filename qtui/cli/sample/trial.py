"""A sample run without ID, times and location."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from random import Random

from qtui.entities import DatasetInput
from qtui.value_classes import dataclass


@dataclass(frozen=True, slots=True)
class Trial:
    """The values that a training script logs."""

    name: str
    params: Mapping[str, str]
    curves: Mapping[str, list[float]] = field(default_factory=dict)
    """Metrics with one value per step."""
    results: Mapping[str, float] = field(default_factory=dict)
    """Metrics logged once, at the end."""
    tags: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[DatasetInput, ...] = ()
    artifacts: Mapping[str, bytes] = field(default_factory=dict)
    log_of: str = ""
    """The metric whose values the log of the training lists; empty for a run without a log."""
    seconds_per_step: float = 10.0

    @property
    def steps(self) -> int:
        """Return the length of the longest curve."""
        return max(map(len, self.curves.values()), default=0)


Recipe = Callable[[Random, int], Trial]
"""Returns the trial with a number."""
