"""Runs side by side: a row for each attribute, param, metric, tag and dataset, with one value for each run."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from enum import StrEnum
from functools import cached_property

from qtui import formatting
from qtui.compare.column_differences import column_differs, column_numbers, column_variation
from qtui.entities import GIT_COMMIT_TAG, PARENT_RUN_TAG, RUN_NAME_TAG, SOURCE_NAME_TAG, USER_TAG, History, Run
from qtui.plot.smoothing import smooth
from qtui.query import higher_is_better, parse_number
from qtui.query.ast import Aggregate, Field, FieldKind
from qtui.runs.baseline import Delta, delta
from qtui.runs.column_data import CategoricalColumn, NumberColumn, TextColumn, ValueColumn
from qtui.runs.display_names import distinct_run_names, short_names
from qtui.runs.field_columns import dataset_column, field_column
from qtui.runs.metric_ranks import metric_rank
from qtui.runs.qlib_results import measure_titles
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.sort_rows import is_numeric
from qtui.text import display
from qtui.value_classes import dataclass


class RowKind(StrEnum):
    """The group that a row belongs to; groups are shown in this order."""

    ATTRIBUTE = "attribute"
    PARAM = "param"
    METRIC = "metric"
    TAG = "tag"
    DATASET = "dataset"
    CODE = "code"


KIND_TITLES: Mapping[RowKind, str] = {
    RowKind.ATTRIBUTE: "Attributes",
    RowKind.PARAM: "Params",
    RowKind.METRIC: "Metrics",
    RowKind.TAG: "Tags",
    RowKind.DATASET: "Datasets",
    RowKind.CODE: "Code",
}

ATTRIBUTES: Mapping[str, str] = {
    "experiment": "experiment_id",
    "status": "status",
    "started": "start_time",
    "duration": "duration",
    "user": "user_id",
    "lifecycle": "lifecycle_stage",
}
"""The attributes that are compared, and their fields."""

CODE_TAGS: Mapping[str, str] = {
    SOURCE_NAME_TAG: "source",
    GIT_COMMIT_TAG: "git commit",
    "mlflow.source.git.branch": "git branch",
    "mlflow.source.git.repoURL": "git repository",
    "mlflow.project.entryPoint": "entry point",
}
"""The tags that name the code of a run, and their titles."""

ATTRIBUTE_TAGS = frozenset({RUN_NAME_TAG, USER_TAG, PARENT_RUN_TAG, "mlflow.source.type"})
"""Tags that are not compared: attributes say the same, or they always differ."""

SHORTENED_KINDS = (RowKind.PARAM, RowKind.METRIC)
MAX_SHORTENED_NAMES = 2_000
"""Names of a kind up to which they are shortened, which takes longer than all the rest for more."""
DATASET_FIELDS = ("name", "digest", "context")
MAX_LISTED_PARAMS = 6
"""Differing params that the summary of the differences names."""


@dataclass(frozen=True, eq=False)
class ComparedRow:
    """A key with one value for each run."""

    kind: RowKind
    key: str
    column: ValueColumn
    """The values in the order of the frame."""
    differs: bool

    @cached_property
    def variation(self) -> float:
        """By how much the values differ, from 0 to 1."""
        return column_variation(self.column)

    @cached_property
    def decimals(self) -> int | None:
        """The number of decimals of the values of a metric; None if they differ too much in size."""
        if self.kind is not RowKind.METRIC or not isinstance(self.column, NumberColumn):
            return None
        return formatting.shared_decimals(column_numbers(self.column))

    @cached_property
    def is_numeric(self) -> bool:
        """Whether the values are numbers, or nearly all texts are."""
        return is_numeric(self.column)

    @property
    def is_time(self) -> bool:
        """Whether the values are milliseconds."""
        return self.kind is RowKind.ATTRIBUTE and isinstance(self.column, NumberColumn)

    def number(self, run: int) -> float | None:
        """Return a value as a number; None if it is absent or a text that is no number."""
        value = self.column[run]
        return parse_number(value) if isinstance(value, str) else value

    def text(self, run: int) -> str | None:
        """Return a value as text, not safe for display; None if the run has none."""
        value = self.column[run]
        if value is None or isinstance(value, str):
            return value
        if self.is_time:
            return _format_milliseconds(self.key, value)
        return formatting.number_format(self.decimals)(value)

    def full_text(self, run: int) -> str | None:
        """Return a value as text with all its digits."""
        value = self.column[run]
        return repr(value) if isinstance(value, float) and not self.is_time else self.text(run)


@dataclass(frozen=True, slots=True)
class MetricChoice:
    """The value of every metric that is compared: a statistic of its history, its value at a step, or smoothed."""

    statistic: Aggregate = Aggregate.LAST
    step: int | None = None
    smoothing: float = 0.0
    """The weight that smooths curves as in charts; the last smoothed value is compared. 0 for no smoothing."""
    values: Mapping[str, Mapping[str, float]] = field(default_factory=dict, compare=False)
    """The values at the step, or smoothed, by metric and run ID, as far as they are loaded."""

    def __str__(self) -> str:
        if self.step is not None:
            return f"step {self.step:,}"
        return f"smoothed {self.smoothing:g}" if self.smoothing else self.statistic.value

    @property
    def needs_points(self) -> bool:
        """Whether the values are computed from the points of histories, and no statistic is enough."""
        return self.step is not None or bool(self.smoothing)

    def value_of(self, history: History) -> float | None:
        """Return the value of a history at the step, or its last smoothed value; None if it has none."""
        if self.step is not None:
            return history.value_at(self.step)
        return float(smooth(history.values, self.smoothing)[-1]) if len(history) else None

    def with_values(self, values: Mapping[str, Mapping[str, float]]) -> MetricChoice:
        """Return the choice with more values, by metric and run ID."""
        merged = {key: {**self.values.get(key, {}), **others} for key, others in values.items()}
        return replace(self, values={**self.values, **merged})

    def column(self, frame: RunsFrame, key: str, is_higher_better: Callable[[str], bool]) -> NumberColumn:
        """Return the values of a metric; values that are not loaded are absent."""
        if self.needs_points:
            values = self.values.get(key, {})
            return NumberColumn.from_values(values.get(info.run_id) for info in frame.infos)
        statistic = self.statistic
        if statistic is Aggregate.BEST:
            statistic = Aggregate.MAX if is_higher_better(key) else Aggregate.MIN
        column = frame.column(Field(FieldKind.METRIC, key, statistic))
        return column if isinstance(column, NumberColumn) else NumberColumn.empty(len(frame))


@dataclass(frozen=True, eq=False)
class RunComparison:
    """Runs side by side. A run is an index into `frame`; `order` has the indices in the order of the columns."""

    frame: RunsFrame = field(default_factory=RunsFrame)
    rows: tuple[ComparedRow, ...] = ()
    order: tuple[int, ...] = ()
    choice: MetricChoice = MetricChoice()
    """The value of metrics that is compared."""
    baseline: int | None = None
    """The run that the others are compared with."""
    directions: Mapping[str, bool] = field(default_factory=dict)
    """Whether higher is better, for metrics for which the user chose it."""
    _best: dict[ComparedRow, frozenset[int]] = field(default_factory=dict, repr=False)

    @classmethod
    def of_runs(cls, runs: Iterable[Run], experiments: Mapping[str, str] | None = None, now: int = 0) -> RunComparison:
        """Return the comparison of runs with their values, in this order."""
        return cls.of_frame(RunsFrame.from_runs(runs), experiments or {}, now)

    @classmethod
    def of_frame(
        cls,
        frame: RunsFrame,
        experiments: Mapping[str, str],
        now: int,
        choice: MetricChoice | None = None,
        directions: Mapping[str, bool] | None = None,
    ) -> RunComparison:
        """Return the comparison of all runs of a frame; `now` (ms) is the time for durations."""
        empty = cls(frame, (), tuple(range(len(frame))), choice or MetricChoice(), directions=directions or {})
        return replace(empty, rows=tuple(empty._find_rows(experiments, now)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """A distinct name for each run, in the order of the frame."""
        return tuple(distinct_run_names(self.frame.infos.items))

    @cached_property
    def differing_rows(self) -> tuple[ComparedRow, ...]:
        """The rows whose values differ."""
        return tuple(row for row in self.rows if row.differs)

    @cached_property
    def short_keys(self) -> Mapping[ComparedRow, str]:
        """The keys of the rows for display, those of params and metrics shortened; distinct within each kind."""
        short: dict[tuple[RowKind, str], str] = {}
        for kind in SHORTENED_KINDS:
            names = [row.key for row in self.rows if row.kind is kind]
            if len(names) <= MAX_SHORTENED_NAMES:
                short |= {(kind, name): title for name, title in short_names(names).items()}
        return {row: display(short.get((row.kind, row.key), row.key)) for row in self.rows}

    @cached_property
    def titles(self) -> Mapping[ComparedRow, str]:
        """A distinct title for each row: the short key, with the kind where two kinds share it."""
        keys = list(self.short_keys.values())
        counts = Counter(keys)
        pairs = zip(self.rows, keys, strict=True)
        return {row: f"{row.kind.value} {key}" if counts[key] > 1 else key for row, key in pairs}

    @cached_property
    def measures(self) -> Mapping[ComparedRow, str]:
        """Qlib's measures with their titles, in the order of a report."""
        by_key = {row.key: row for row in self.rows if row.kind is RowKind.METRIC}
        return {by_key[key]: title for key, title in measure_titles(by_key).items()}

    @cached_property
    def kind_counts(self) -> Mapping[RowKind, tuple[int, int]]:
        """The number of rows of each kind, and of those that differ."""
        rows, differing = Counter(row.kind for row in self.rows), Counter(row.kind for row in self.differing_rows)
        return {kind: (rows[kind], differing[kind]) for kind in rows}

    def row(self, kind: RowKind, key: str) -> ComparedRow | None:
        """Return the row of a key."""
        return next((row for row in self.rows if row.kind is kind and row.key == key), None)

    def is_higher_better(self, key: str) -> bool:
        """Return the direction of a metric that the user chose, or else the one its name suggests."""
        choice = self.directions.get(key)
        return higher_is_better(key) if choice is None else choice

    def best_runs(self, row: ComparedRow) -> frozenset[int]:
        """Return the runs with the best value of a metric; none if all values are equal."""
        if row.kind is not RowKind.METRIC or not row.differs:
            return frozenset()
        if row not in self._best:
            self._best[row] = _best_runs(row, higher=self.is_higher_better(row.key))
        return self._best[row]

    def delta(self, row: ComparedRow, run: int) -> Delta | None:
        """Return the difference of a value from that of the baseline; None without a baseline and for its own value."""
        if self.baseline is None or run == self.baseline or (row.is_time and row.key != "duration"):
            return None
        return delta(row.number(run), row.number(self.baseline))

    def _find_rows(self, experiments: Mapping[str, str], now: int) -> Iterator[ComparedRow]:
        """Yield the rows by kind; metrics that researchers read first come first, other keys by name."""
        frame = self.frame
        yield from _attribute_rows(frame, experiments, now)
        yield from _logged_rows(frame, RowKind.PARAM, FieldKind.PARAM, frame.keys(FieldKind.PARAM))
        for key in sorted(frame.keys(FieldKind.METRIC), key=lambda key: (metric_rank(key), key)):
            yield _row(RowKind.METRIC, key, self.choice.column(frame, key, self.is_higher_better))
        tags = [key for key in frame.keys(FieldKind.TAG) if key not in CODE_TAGS and key not in ATTRIBUTE_TAGS]
        yield from _logged_rows(frame, RowKind.TAG, FieldKind.TAG, tags)
        for key in DATASET_FIELDS:
            dataset = dataset_column(frame, key)
            if dataset.has_values:
                yield _row(RowKind.DATASET, key, dataset)
        for tag, title in CODE_TAGS.items():
            column = frame.column(Field(FieldKind.TAG, tag))
            if column is not None and column.has_values:
                yield _row(RowKind.CODE, title, column)

    def delta_text(self, row: ComparedRow, run: int) -> str:
        """Return the difference from the baseline as text; empty without one."""
        difference = self.delta(row, run)
        if difference is None:
            return ""
        if not row.is_time or not difference.difference or not math.isfinite(difference.difference):
            return str(difference)
        sign = "+" if difference.difference > 0 else ""
        text = f"{sign}{formatting.format_duration(int(difference.difference))}"
        return f"{text} ({difference.percent_text})" if difference.percent_text else text

    def reference_text(self, row: ComparedRow, run: int) -> str | None:
        """Return the text of the baseline, or else of the first run, if a text differs from it; None otherwise."""
        first = self.order[0] if self.baseline is None else self.baseline
        text, other = row.column[run], row.column[first]
        return other if isinstance(other, str) and isinstance(text, str) and text != other else None

    # Changes

    def with_baseline(self, run: int | None) -> RunComparison:
        """Return the comparison with another baseline, or without one."""
        return replace(self, baseline=run)

    def sorted_by(self, row: ComparedRow, *, descending: bool) -> RunComparison:
        """Return the comparison with the runs sorted by their values in a row; absent values and NaN come last."""
        is_text = not row.is_numeric

        def sort_key(run: int) -> float | str:
            value = row.column[run]
            return (value or "").casefold() if is_text and isinstance(value, str) else row.number(run) or 0.0

        comparable = [run for run in self.order if not _is_unranked(row, run, is_text=is_text)]
        others = [run for run in self.order if _is_unranked(row, run, is_text=is_text)]
        return replace(self, order=(*sorted(comparable, key=sort_key, reverse=descending), *others))

    def in_frame_order(self) -> RunComparison:
        """Return the comparison with the runs in their first order."""
        return replace(self, order=tuple(range(len(self.frame))))

    def starts_descending(self, row: ComparedRow) -> bool:
        """Return whether sorting by a row starts with the highest value: for metrics where that is the best."""
        return row.kind is RowKind.METRIC and self.is_higher_better(row.key)


def _best_runs(row: ComparedRow, *, higher: bool) -> frozenset[int]:
    numbers = ((run, row.number(run)) for run in range(len(row.column)))
    values = {run: value for run, value in numbers if value is not None and math.isfinite(value)}
    if len(set(values.values())) < 2:
        return frozenset()
    best = (max if higher else min)(values.values())
    return frozenset(run for run, value in values.items() if value == best)


def _is_unranked(row: ComparedRow, run: int, *, is_text: bool) -> bool:
    value = row.column[run]
    number = None if is_text else row.number(run)
    return value is None or (not is_text and (number is None or math.isnan(number)))


def _attribute_rows(frame: RunsFrame, experiments: Mapping[str, str], now: int) -> Iterator[ComparedRow]:
    for title, key in ATTRIBUTES.items():
        column = field_column(frame, Field(FieldKind.ATTRIBUTE, key), now)
        if title == "experiment" and isinstance(column, CategoricalColumn):
            column = TextColumn.from_values(experiments.get(value or "", value) for value in _texts(column))
        if column is not None and _has_text(column) and (title != "lifecycle" or column_differs(column)):
            yield _row(RowKind.ATTRIBUTE, title, column)


def _logged_rows(frame: RunsFrame, kind: RowKind, of: FieldKind, keys: Iterable[str]) -> Iterator[ComparedRow]:
    columns = ((key, frame.column(Field(of, key))) for key in keys)
    return (_row(kind, key, column) for key, column in columns if column is not None)


def _row(kind: RowKind, key: str, column: ValueColumn) -> ComparedRow:
    return ComparedRow(kind, key, column, column_differs(column))


def _format_milliseconds(key: str, value: float) -> str:
    if not math.isfinite(value):
        return formatting.ABSENT
    return formatting.format_duration(int(value)) if key == "duration" else formatting.format_time(int(value))


def _has_text(column: ValueColumn) -> bool:
    """Return whether a row has a number or a text that is not empty."""
    if isinstance(column, CategoricalColumn):
        return any(column.pool.values[code] for code in column.used_codes)
    return column.has_values


def _texts(column: TextColumn) -> Iterator[str | None]:
    return (column[row] for row in range(len(column)))


def difference_summary(comparison: RunComparison) -> str:
    """Return what differs in one line: the number of rows by kind, and the keys of the differing params."""
    counts = Counter(row.kind for row in comparison.differing_rows)
    params = [comparison.short_keys[row] for row in comparison.differing_rows if row.kind is RowKind.PARAM]
    parts = [_differing_params(params)] if params else ["no param differs"]
    for kind in (RowKind.METRIC, RowKind.TAG, RowKind.DATASET, RowKind.CODE):
        if counts[kind] and kind in (RowKind.METRIC, RowKind.TAG):
            parts.append(formatting.format_count(counts[kind], kind.value))
        elif counts[kind]:
            parts.append(f"the {kind.value}")
    return ", ".join(parts)


def _differing_params(params: Sequence[str]) -> str:
    names = ", ".join(params[:MAX_LISTED_PARAMS])
    more = f" and {len(params) - MAX_LISTED_PARAMS:,} more" if len(params) > MAX_LISTED_PARAMS else ""
    return f"{formatting.format_count(len(params), 'param')} ({names}{more})"
