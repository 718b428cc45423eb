"""Groups of compared runs: runs with equal values of some params, or of all params but some."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Sequence
from dataclasses import replace

from qtui.compare.run_comparison import ComparedRow, RunComparison
from qtui.compare.significance import GroupDifference, compare_groups, compare_pairs, correct_p_values
from qtui.formatting import ABSENT
from qtui.query.ast import Field, FieldKind
from qtui.runs.default_columns import differing_params
from qtui.runs.grouping import rows_by_values
from qtui.runs.metric_statistics import MetricStatistics, statistics_of
from qtui.runs.runs_frame import RunsFrame
from qtui.text import display
from qtui.value_classes import dataclass

SEPARATOR = " · "
_SEED = re.compile(r"(?:^|[^a-z])(?:seed|random_?state|rng|fold|repeat|trial)s?$", re.I)


@dataclass(frozen=True, slots=True, eq=False)
class ComparedGroup:
    """Runs with equal values in the fields that group them."""

    fields: tuple[Field, ...]
    values: tuple[str | None, ...]
    runs: tuple[int, ...]
    statistics: MetricStatistics | None
    """The statistics of the metric; None if no run of the group has it."""

    @property
    def name(self) -> str:
        """The titles and values of the fields, such as "lr 0.1 · layers 2"."""
        return group_name(self.fields, self.values)


def seed_fields(frame: RunsFrame) -> tuple[Field, ...]:
    """Return the params that name a repetition, such as `seed`."""
    return tuple(Field(FieldKind.PARAM, key) for key in frame.keys(FieldKind.PARAM) if _SEED.search(key))


def fields_but(frame: RunsFrame, excluded: Collection[Field]) -> tuple[Field, ...]:
    """Return the differing params but some, which group runs like all params but these."""
    return tuple(field for field in differing_params(frame, range(len(frame))) if field not in excluded)


def group_runs(comparison: RunComparison, metric: ComparedRow, fields: Sequence[Field]) -> tuple[ComparedGroup, ...]:
    """Return the runs grouped by fields, the best mean of the metric first, groups without it last."""
    higher = comparison.is_higher_better(metric.key)
    groups = []
    for values, rows in rows_by_values(comparison.frame, comparison.order, fields, now=0).items():
        numbers = [number for run in rows if (number := metric.number(run)) is not None]
        groups.append(ComparedGroup(tuple(fields), values, tuple(rows), statistics_of(numbers)))

    def sort_key(group: ComparedGroup) -> tuple[bool, float]:
        mean = group.statistics.mean if group.statistics else 0.0
        return group.statistics is None, -mean if higher else mean

    return tuple(sorted(groups, key=sort_key))


def group_name(fields: Sequence[Field], values: Sequence[str | None]) -> str:
    """Return the names of fields with their values."""
    pairs = zip(field_names(fields), value_texts(values), strict=True)
    return SEPARATOR.join(f"{name} {text}" for name, text in pairs) or "all runs"


def field_names(fields: Sequence[Field]) -> Sequence[str]:
    """Return the last part of each key where that is unique, else whole keys."""
    keys = [display(field.key) for field in fields]
    tails = [key.rpartition(".")[2] or key for key in keys]
    return tails if len(set(tails)) == len(tails) else keys


def value_texts(values: Sequence[str | None]) -> Sequence[str]:
    """Return the values of a group for display."""
    return [ABSENT if value is None else display(value) or "''" for value in values]


def distinct_group_names(first: ComparedGroup, second: ComparedGroup) -> tuple[str, str]:
    """Return the names of two groups by the same fields, with the values in which they differ."""
    triples = zip(first.fields, first.values, second.values, strict=True)
    fields, values, others = zip(*(triple for triple in triples if triple[1] != triple[2]), strict=True)
    return group_name(fields, values), group_name(fields, others)


def group_difference(
    comparison: RunComparison,
    metric: ComparedRow,
    first: ComparedGroup,
    second: ComparedGroup,
    seed: Field | None = None,
) -> GroupDifference | None:
    """Return the difference of two groups: paired by the values of `seed` if all their runs have distinct ones."""
    higher = comparison.is_higher_better(metric.key)
    if seed is not None:
        pairs = [_values_by_seed(comparison, metric, group, seed) for group in (first, second)]
        if pairs[0] is not None and pairs[1] is not None:
            result = compare_pairs(pairs[0], pairs[1], higher=higher)
            if result is not None:
                return result
    numbers = [[n for run in group.runs if (n := metric.number(run)) is not None] for group in (first, second)]
    return compare_groups(numbers[0], numbers[1], higher=higher)


def differences_from_best(
    comparison: RunComparison, metric: ComparedRow, groups: Sequence[ComparedGroup], seed: Field | None = None
) -> list[GroupDifference | None]:
    """Return the difference of the first group, the best one, from each group; None for the first one itself.

    With several comparisons one of them is soon significant by chance: their p values are corrected.
    """
    results = [group_difference(comparison, metric, groups[0], group, seed) for group in groups[1:]]
    corrected = correct_p_values([None if result is None else result.p for result in results])
    count = sum(p is not None for p in corrected)
    return [
        None,
        *(
            result and replace(result, corrected_p=p, comparisons=count)
            for result, p in zip(results, corrected, strict=True)
        ),
    ]


def _values_by_seed(
    comparison: RunComparison, metric: ComparedRow, group: ComparedGroup, seed: Field
) -> dict[Hashable, float] | None:
    """Return the values of a metric by seed; None if a run has no seed or shares it with another one."""
    column = comparison.frame.column(seed)
    if column is None:
        return None
    seeds = [column[run] for run in group.runs]
    if None in seeds or len(set(seeds)) < len(seeds):
        return None
    numbers = zip(seeds, (metric.number(run) for run in group.runs), strict=True)
    return {key: number for key, number in numbers if number is not None}
