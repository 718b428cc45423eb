"""Student's t distribution and the normal distribution, with the standard library only."""

from __future__ import annotations

import math

MAX_ITERATIONS = 300
TINY = 1e-300
TOLERANCE = 1e-15


def student_t_cdf(t: float, degrees: float) -> float:
    """Return the probability that a value of Student's t distribution is at most `t`; `degrees` is positive."""
    if math.isinf(t):
        return float(t > 0)
    tail = 0.5 * incomplete_beta(degrees / (degrees + t * t), degrees / 2, 0.5)
    return 1 - tail if t > 0 else tail


def student_t_quantile(probability: float, degrees: float) -> float:
    """Return the value that Student's t distribution does not exceed with this probability, which is in (0, 1)."""
    if probability < 0.5:
        return -student_t_quantile(1 - probability, degrees)
    high = 1.0
    while student_t_cdf(high, degrees) < probability and high < 1e12:
        high *= 2
    low = 0.0
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if student_t_cdf(middle, degrees) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def two_sided_p(t: float, degrees: float) -> float:
    """Return the probability of a value at least as far from zero as `t`."""
    return incomplete_beta(degrees / (degrees + t * t), degrees / 2, 0.5) if math.isfinite(t) else 0.0


def normal_cdf(x: float) -> float:
    """Return the probability that a value of the standard normal distribution is at most `x`."""
    return 0.5 * math.erfc(-x / math.sqrt(2))


def incomplete_beta(x: float, a: float, b: float) -> float:
    """Return the regularized incomplete beta function, by its continued fraction."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    scale = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(scale) * _beta_fraction(x, a, b) / a


def _beta_fraction(x: float, a: float, b: float) -> float:
    """Evaluate the continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz's method."""
    numerator_ratio = 1.0
    denominator_ratio = 1 / _not_zero(1 - (a + b) * x / (a + 1))
    value = denominator_ratio
    for m in range(1, MAX_ITERATIONS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        change = 1.0
        for coefficient in (even, odd):
            denominator_ratio = 1 / _not_zero(1 + coefficient * denominator_ratio)
            numerator_ratio = _not_zero(1 + coefficient / numerator_ratio)
            change = denominator_ratio * numerator_ratio
            value *= change
        if abs(change - 1) < TOLERANCE:
            break
    return value


def _not_zero(value: float) -> float:
    return value if abs(value) > TINY else TINY
