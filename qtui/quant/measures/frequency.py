"""The frequencies of Qlib: day, 30min, 2week, month."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from qtui.errors import UsageError

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
A_YEAR_OF: Mapping[str, int] = {"min": 240 * 238, "day": 238, "week": 50, "month": 12}
"""How many of each unit are traded in a year, as Qlib counts them."""

WRITTEN = re.compile(r"(\d*)([a-z]+)")


@dataclass(frozen=True, slots=True)
class Frequency:
    """So many of a unit.

    >>> Frequency.parse("d").name, Frequency.parse("30minute").name
    ('1day', '30min')
    """

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> Frequency:
        """The frequency that is meant by a text."""
        found = WRITTEN.fullmatch(text.lower())
        unit = UNITS.get(found[2]) if found else None
        if found is None or unit is None or found[1].strip("0") == "" != found[1]:
            raise UsageError(f"{text!r} is no frequency. A number and month, week, day or min is one, like 30min.")
        return cls(int(found[1] or 1), unit)

    @property
    def name(self) -> str:
        """The frequency as it stands in the names of artifacts and metrics."""
        return f"{self.count}{self.unit}"

    @property
    def per_year(self) -> float:
        """How many periods a year of trading has."""
        return A_YEAR_OF[self.unit] / self.count
