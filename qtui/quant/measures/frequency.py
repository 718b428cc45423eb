"""Qlib's frequencies: day, 30min, 2week, month."""

from __future__ import annotations

import re
from collections.abc import Mapping

from qtui.errors import UsageError
from qtui.value_classes import dataclass

UNITS: Mapping[str, str] = {
    "month": "month",
    "mon": "month",
    "week": "week",
    "w": "week",
    "day": "day",
    "d": "day",
    "minute": "min",
    "min": "min",
}
UNITS_PER_YEAR: Mapping[str, int] = {"min": 240 * 238, "day": 238, "week": 50, "month": 12}
"""Trading periods per year by unit, as in Qlib."""

PATTERN = re.compile(r"(\d*)([a-z]+)")


@dataclass(frozen=True, slots=True)
class Frequency:
    """A trading frequency: a number of units.

    >>> Frequency.parse("d").name, Frequency.parse("30minute").name
    ('1day', '30min')
    """

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Frequency:
        """Parse a frequency such as `day` or `30min`."""
        match = PATTERN.fullmatch(text.lower())
        unit = UNITS.get(match[2]) if match else None
        if match is None or unit is None or match[1].strip("0") == "" != match[1]:
            raise UsageError(f"Invalid frequency {text!r}: expected a number and month, week, day or min, like 30min.")
        return cls(int(match[1] or 1), unit)

    @property
    def name(self) -> str:
        """Return the frequency as written in names of artifacts and metrics."""
        return f"{self.count}{self.unit}"

    @property
    def per_year(self) -> float:
        """Return the number of periods per trading year."""
        return UNITS_PER_YEAR[self.unit] / self.count
