"""Rank well-known metrics in the order in which researchers read them."""

from __future__ import annotations

import re

from qtui.lazy_pattern import lazy_pattern

_SIGNALS = ("IC", "ICIR", "Rank IC", "Rank ICIR")
_SIGNAL_NAMES = {signal.casefold(): signal for signal in _SIGNALS}
_MAX_SIGNAL_LENGTH = max(map(len, _SIGNALS))
_PORTFOLIO = ("annualized_return", "information_ratio", "max_drawdown")
_VALIDATION = lazy_pattern(r"(?:^|[^a-z])val(?:id|idation)?(?:$|[^a-z])", re.I)
_TRAINING = lazy_pattern(r"(?:^|[^a-z])train", re.I)
_QUALITY = lazy_pattern(r"(?:^|[^a-z])(?:loss|acc|accuracy)(?:$|[^a-z])", re.I)


def signal_name(key: str) -> str | None:
    """Return Qlib's name of a signal metric in any spelling; None for other metrics."""
    return _SIGNAL_NAMES.get(key.replace("_", " ").casefold()) if len(key) <= _MAX_SIGNAL_LENGTH else None


def is_measure(key: str) -> bool:
    """Return whether a metric is one of Qlib's signal or portfolio metrics."""
    return metric_rank(key) < len(_SIGNALS) + 2 * len(_PORTFOLIO)


def is_training_metric(key: str) -> bool:
    """Return whether a metric is measured on the training data, going by its name."""
    return bool(_TRAINING.search(key))


def metric_rank(key: str) -> int:
    """Return the rank of a metric: Qlib's signal metrics, its portfolio with and without cost, validation, others."""
    if name := signal_name(key):
        return _SIGNALS.index(name)
    last = key.rpartition(".")[2]
    if last in _PORTFOLIO:
        without_cost = "without_cost" in key
        return len(_SIGNALS) + _PORTFOLIO.index(last) + len(_PORTFOLIO) * without_cost
    of_validation = bool(_VALIDATION.search(key) and _QUALITY.search(key))
    return len(_SIGNALS) + 2 * len(_PORTFOLIO) + (not of_validation)
