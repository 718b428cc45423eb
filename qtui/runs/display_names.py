"""Short names for metrics, params and tags: without the prefixes they share, and still distinct."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from qtui.entities import RUN_NAME_TAG, Run, RunInfo
from qtui.lazy_pattern import lazy_pattern

MAX_FULL_NAME_LENGTH = 16
"""Characters up to which a name is shown whole, unless names beside it lose the same prefix."""

_NEVER_DROPPED = lazy_pattern(
    r"(?:^|[^a-z])(?:train|training|val|valid|validation|test|eval|with|without)(?:$|[^a-z])", re.I
)
"""Words that name the data or the cost of a measurement."""


def short_names(names: Sequence[str], others: Iterable[str] = (), reserved: Collection[str] = ()) -> dict[str, str]:
    """Return a distinct display name for each of these names: itself, or the shortest tail that no other name has.

    A tail begins behind a dot or a slash, its first part also behind an underscore:
    `1day.excess_return_with_cost.max_drawdown` becomes `with_cost.max_drawdown`. A tail is not the tail of one of the
    `others`, which have no column, and not in `reserved`.
    """
    long = [name for name in names if len(name) > MAX_FULL_NAME_LENGTH and _last_part(name) != name]
    if not long:
        return {name: name for name in names}
    last_parts = {_last_part(name) for name in names}
    similar = {name for name in others if _last_part(name) in last_parts}
    counts = Counter(tail for name in similar.union(names) for tail in _tails(name))
    free = {tail for tail, count in counts.items() if count == 1 and tail not in reserved}
    shortest = {name: _shortest(name, free) for name in long}
    prefixes = {name.removesuffix(short) for name, short in shortest.items()}
    return {name: shortest.get(name) or _without(prefixes, name, free) for name in names}


def _last_part(name: str) -> str:
    """Return the part after the last dot or slash."""
    return name[max(name.rfind("."), name.rfind("/")) + 1 :]


def _tails(name: str) -> Iterator[str]:
    """Yield the whole name and its tails, from the longest to the shortest."""
    yield name
    last = len(name) - len(_last_part(name))
    for start in range(1, last + 1):
        before = name[start - 1]
        if (before in "./" and name[start:]) or (before == "_" and start < last and name[start].isalpha()):
            yield name[start:]


def _shortest(name: str, free: Collection[str]) -> str:
    """Return the shortest tail that is free, stopping before a word that is never dropped."""
    best = name
    for tail in _tails(name):
        if tail != name and (tail not in free or _NEVER_DROPPED.search(name.removesuffix(tail))):
            break
        best = tail
    return best


def _without(prefixes: Collection[str], name: str, free: Collection[str]) -> str:
    """Return a name without the prefix that longer names beside it lose."""
    tails = (tail for tail in _tails(name) if tail in free and name.removesuffix(tail) in prefixes)
    return min(tails, key=len, default=name)


def run_name(run: Run) -> str:
    """Return the name of a run, which MLflow 1 stores only as a tag."""
    return run.info.name or run.tags.get(RUN_NAME_TAG, "")


def distinct_run_names(runs: Sequence[RunInfo]) -> Iterator[str]:
    """Yield a name for each run, followed by the start of its ID where the name is missing or not unique."""
    counts = Counter(run.name for run in runs)
    for run in runs:
        short_id = run.run_id[:8]
        yield run.name if run.name and counts[run.name] == 1 else f"{run.name} {short_id}".strip()
