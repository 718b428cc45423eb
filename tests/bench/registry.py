"""The benches by name, and what one of them answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from tests.bench.stores import Size


@dataclass(frozen=True, slots=True)
class Scale:
    """How big the stores of a run are, how often a short measurement is repeated, and where all is kept."""

    folder: Path
    size: Size = field(default_factory=Size)
    points: int = 1_000_000
    rounds: int = 7
    artifact_bytes: int = 1_000_000_000
    artifact_rows: int = 30_000_000

    @property
    def small(self) -> Scale:
        """Stores that only warm a process up."""
        return replace(self, size=Size(runs=20), points=20_000)


@dataclass(frozen=True, slots=True)
class Goal:
    """What the ratio of the two times has to be: at least so much faster, or at most so much slower."""

    bound: float
    faster: bool = True

    def holds(self, ours: float, other: float) -> bool:
        """Whether the measured times keep to it."""
        return other / ours >= self.bound if self.faster else ours / other <= self.bound

    def __str__(self) -> str:
        return f">= {self.bound:g}x faster" if self.faster else f"<= {self.bound:g}x as long"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: our time beside another's, both in seconds; either may be there for scale only."""

    what: str
    ours: float | None = None
    beside: str = ""
    other: float | None = None
    goal: Goal | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """One line of the table that nothing stands beside: what was measured, and what it may be at most."""

    what: str
    ours: float
    limit: float
    written: Callable[[float], str]

    @property
    def holds(self) -> bool:
        """Whether it keeps to the budget."""
        return self.ours <= self.limit


Bench: TypeAlias = Callable[[Scale], Iterator[Row | Amount]]

BENCHES: dict[str, Bench] = {}


def bench(name: str) -> Callable[[Bench], Bench]:
    """Enter a bench under the name that is given on the command line."""

    def enter(function: Bench) -> Bench:
        BENCHES[name] = function
        return function

    return enter
