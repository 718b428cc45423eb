"""Whether one group of runs is better than another: Welch's t-test, paired by seed, and a bootstrap."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

from qtui.compare.distributions import student_t_quantile, two_sided_p
from qtui.formatting import format_count, format_number
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

CONFIDENCE = 0.95
BOOTSTRAP_SAMPLES = 10_000
MIN_PAIRS = 2


@dataclass(frozen=True, slots=True)
class GroupDifference:
    """The difference of the means of two groups, first minus second."""

    difference: float
    counts: tuple[int, int]
    """The numbers of values of both groups; for pairs the number of pairs, twice."""
    is_paired: bool = False
    margin: float | None = None
    """Half of the confidence interval of the difference; None for fewer than two values in a group."""
    t: float | None = None
    degrees: float | None = None
    p: float | None = None
    """The probability of a difference at least as large if the groups do not differ."""
    chance_first_better: float | None = None
    """The share of bootstrap samples in which the first group has the better mean."""
    corrected_p: float | None = None
    """`p` corrected for all comparisons with the same group; None if it is not corrected."""
    comparisons: int = 1
    """The number of groups that are compared with the same one."""

    @property
    def is_certain(self) -> bool:
        """Whether the difference is significant, also among the other comparisons."""
        p = self.p if self.corrected_p is None else self.corrected_p
        return p is not None and p < 1 - CONFIDENCE

    @property
    def is_certain_alone(self) -> bool:
        """Whether the confidence interval excludes zero."""
        return self.p is not None and self.p < 1 - CONFIDENCE

    @property
    def interval(self) -> tuple[float, float] | None:
        """The confidence interval of the difference."""
        return None if self.margin is None else (self.difference - self.margin, self.difference + self.margin)


def compare_groups(first: Sequence[float], second: Sequence[float], *, higher: bool) -> GroupDifference | None:
    """Compare the values of two groups by Welch's t-test; NaN and infinities are left out; None without any values."""
    import numpy

    a, b = _finite(first), _finite(second)
    if not len(a) or not len(b):
        return None
    difference = float(a.mean() - b.mean())
    counts = len(a), len(b)
    if min(counts) < 2:
        return GroupDifference(difference, counts)
    errors = float(a.var(ddof=1)) / len(a), float(b.var(ddof=1)) / len(b)
    error = math.sqrt(sum(errors))
    parts = errors[0] ** 2 / (len(a) - 1) + errors[1] ** 2 / (len(b) - 1)
    degrees = sum(errors) ** 2 / parts if parts else float(len(a) + len(b) - 2)
    generator = numpy.random.default_rng(0)
    means = [_bootstrap_means(values, generator) for values in (a, b)]
    chance = _share_better(means[0] - means[1], higher=higher)
    return _with_test(difference, counts, error, degrees, chance, is_paired=False)


def compare_pairs(
    first: Mapping[Hashable, float], second: Mapping[Hashable, float], *, higher: bool
) -> GroupDifference | None:
    """Compare the values of two groups that have the same keys, such as seeds; None with fewer than two such pairs."""
    import numpy

    keys = [key for key in first if key in second]
    values = _finite([first[key] - second[key] for key in keys])
    if len(values) < MIN_PAIRS:
        return None
    error = math.sqrt(float(values.var(ddof=1)) / len(values))
    chance = _share_better(_bootstrap_means(values, numpy.random.default_rng(0)), higher=higher)
    counts = len(values), len(values)
    return _with_test(float(values.mean()), counts, error, len(values) - 1.0, chance, is_paired=True)


def _with_test(
    difference: float, counts: tuple[int, int], error: float, degrees: float, chance: float, *, is_paired: bool
) -> GroupDifference:
    """Return the difference with its test; without any spread a difference is taken as it is."""
    t = difference / error if error else math.copysign(math.inf, difference) if difference else 0.0
    p = two_sided_p(t, degrees) if t else 1.0
    margin = student_t_quantile((1 + CONFIDENCE) / 2, degrees) * error
    return GroupDifference(difference, counts, is_paired, margin, t, degrees, p, chance)


def _finite(values: Sequence[float]) -> NDArray[numpy.float64]:
    import numpy

    numbers = numpy.asarray(values, dtype=numpy.float64)
    return numbers[numpy.isfinite(numbers)]


def _bootstrap_means(values: NDArray[numpy.float64], generator: numpy.random.Generator) -> NDArray[numpy.float64]:
    """Return the means of samples with replacement."""
    import numpy

    picks = generator.integers(0, len(values), (BOOTSTRAP_SAMPLES, len(values)))
    return numpy.asarray(values[picks].mean(axis=1))


def _share_better(differences: NDArray[numpy.float64], *, higher: bool) -> float:
    """Return the share of differences in the better direction; an equal mean counts half."""
    better = differences > 0 if higher else differences < 0
    return float(better.mean() + 0.5 * (differences == 0).mean())


def correct_p_values(values: Sequence[float | None]) -> list[float | None]:
    """Return p values corrected for their number by Holm's method; a value that is None stays so."""
    corrected = list(values)
    ranked = sorted((p, index) for index, p in enumerate(values) if p is not None)
    highest = 0.0
    for rank, (p, index) in enumerate(ranked):
        highest = max(highest, min(1.0, p * (len(ranked) - rank)))
        corrected[index] = highest
    return corrected


def difference_sentence(names: tuple[str, str], metric: str, result: GroupDifference | None, *, higher: bool) -> str:
    """Return the result in one sentence, such as "A is better by 0.004 ± 0.003 IC, 5 seeds each; not yet certain"."""
    if result is None:
        return f"{names[0]} and {names[1]} cannot be compared: a group has no value of {metric}."
    if not result.difference:
        return f"{names[0]} and {names[1]} have the same mean {metric}, {_amounts(result)}."
    is_first_better = (result.difference > 0) is higher
    better, other = names if is_first_better else names[::-1]
    margin = "" if result.margin is None else f" ± {format_number(_round_digits(result.margin))}"
    amount = format_number(_round_digits(abs(result.difference)))
    return f"{better} is better than {other} by {amount}{margin} {metric}, {_amounts(result)}; {_verdict(result)}."


def _amounts(result: GroupDifference) -> str:
    first, second = result.counts
    if result.is_paired:
        return f"{format_count(first, 'pair')} of equal seeds"
    return f"{format_count(first, 'run')} each" if first == second else f"{first:,} and {format_count(second, 'run')}"


def _verdict(result: GroupDifference) -> str:
    if result.p is None:
        return "a single run does not show how certain that is"
    if result.margin == 0:
        return "all differences are equal, so that the spread is unknown"
    if result.is_certain:
        also = f", also among {result.comparisons:,} comparisons" if result.comparisons > 1 else ""
        return f"certain at the 95 % level{also}"
    if result.is_certain_alone:
        return f"not yet certain: it would be alone, but not among {result.comparisons:,} comparisons"
    return "not yet certain"


def _round_digits(value: float) -> float:
    """Return a value with two significant digits."""
    return float(f"{value:.2g}")
