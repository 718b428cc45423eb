"""The registry of the benches, and the results that they yield."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from tests.bench.stores import Size


@dataclass(frozen=True, slots=True)
class Scale:
    """The sizes of the stores and files, the number of rounds, and the folder that holds them."""

    folder: Path
    size: Size = field(default_factory=Size)
    points: int = 1_000_000
    rounds: int = 7
    artifact_bytes: int = 1_000_000_000
    artifact_rows: int = 30_000_000

    @property
    def small(self) -> Scale:
        """The scale of the stores that only warm a process up."""
        return replace(self, size=Size(runs=20), points=20_000)


@dataclass(frozen=True, slots=True)
class RatioBudget:
    """A limit for the ratio of two times: a minimum speedup, or a maximum slowdown."""

    bound: float
    is_speedup: bool = True

    def holds(self, seconds: float, other_seconds: float) -> bool:
        """Return whether the times of qtui and of the other program are within the budget."""
        return other_seconds / seconds >= self.bound if self.is_speedup else seconds / other_seconds <= self.bound

    def __str__(self) -> str:
        return f">= {self.bound:g}x faster" if self.is_speedup else f"<= {self.bound:g}x as long"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The time of qtui beside that of another program; a row for scale has only one of them."""

    label: str
    seconds: float | None = None
    other: str = ""
    other_seconds: float | None = None
    budget: RatioBudget | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value of qtui alone, and its limit."""

    label: str
    value: float
    limit: float
    format_value: Callable[[float], str]

    @property
    def holds(self) -> bool:
        """Whether the value is within its limit."""
        return self.value <= self.limit


Bench: TypeAlias = Callable[[Scale], Iterator[Comparison | Measurement]]

BENCHES: dict[str, Bench] = {}


def bench(name: str) -> Callable[[Bench], Bench]:
    """Register a bench under its name on the command line."""

    def register(function: Bench) -> Bench:
        BENCHES[name] = function
        return function

    return register
