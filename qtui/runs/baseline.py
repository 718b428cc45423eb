"""Differences from the value of a baseline run."""

from __future__ import annotations

import math

from qtui.formatting import format_number
from qtui.value_classes import dataclass

ZERO_BASELINE = "baseline is 0"
"""Shown where no percentage exists, because the value of the baseline is zero."""


@dataclass(frozen=True, slots=True)
class Delta:
    """The difference of a value from that of the baseline."""

    difference: float
    percent: float | None
    """The difference in percent of the magnitude of the baseline; None if the baseline is zero or not finite."""
    is_baseline_zero: bool = False

    def is_better(self, *, higher: bool) -> bool | None:
        """Return whether the value is better than the baseline; None if it is neither better nor worse."""
        if not self.difference or math.isnan(self.difference):
            return None
        return (self.difference > 0) is higher

    @property
    def difference_text(self) -> str:
        """The difference with its sign."""
        return _with_sign(format_number(self.difference))

    @property
    def percent_text(self) -> str:
        """The percentage with its sign, or why there is none."""
        if self.percent is None:
            return ZERO_BASELINE if self.is_baseline_zero else ""
        return f"{_with_sign(_format_percent(self.percent))}%"

    def __str__(self) -> str:
        if not self.difference:
            return "="
        return f"{self.difference_text} ({self.percent_text})" if self.percent_text else self.difference_text


def delta(value: float | None, baseline: float | None) -> Delta | None:
    """Return the difference of a value from the baseline; None without two numbers, or if both are infinite."""
    if value is None or baseline is None:
        return None
    difference = value - baseline
    if math.isnan(difference):
        return None
    if not baseline:
        return Delta(difference, None, is_baseline_zero=True)
    percent = difference / abs(baseline) * 100
    return Delta(difference, percent if math.isfinite(percent) else None)


def _with_sign(text: str) -> str:
    return text if text.startswith("-") else f"+{text}"


def _format_percent(percent: float) -> str:
    """Return a percentage with at most three significant digits."""
    magnitude = abs(percent)
    if magnitude >= 99.95:
        return f"{percent:.0f}" if magnitude < 1e6 else f"{percent:.1e}".replace("e+0", "e").replace("e+", "e")
    return f"{percent:.1f}" if magnitude >= 0.095 else f"{percent:.1g}"
