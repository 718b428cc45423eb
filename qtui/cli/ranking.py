"""Rankings of runs and groups by a metric, as `qtui leaderboard` prints them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from qtui.cli import formats
from qtui.cli.table import Column, lines
from qtui.cli.terminal import detect_terminal, write_lines
from qtui.compare.groups import ComparedGroup, differences_from_best, fields_but, group_runs
from qtui.compare.run_comparison import ComparedRow, MetricChoice, RowKind, RunComparison
from qtui.entities import Problem
from qtui.errors import MetricNotFound, UsageError
from qtui.formatting import ABSENT, now_ms, number_format, shared_decimals
from qtui.query import KeyLookup, required_values
from qtui.query.ast import Aggregate, Field, FieldKind, OrderBy
from qtui.query.column_names import is_bare_key, parse_column
from qtui.recorder import Library
from qtui.runs.column_data import ValueColumn
from qtui.runs.column_specs import field_title
from qtui.runs.display_names import short_names
from qtui.runs.metric_statistics import statistics_of
from qtui.runs.qlib_results import NO_MEASURES, measure_titles
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.text_formats import json_number
from qtui.store.key_lookup import key_lookup
from qtui.text import display

MAX_PARAMS = 6
"""Params that a ranking of runs shows in a table."""


class Ranking(NamedTuple):
    """Runs, the metric that ranks them, and the params that the user named."""

    comparison: RunComparison
    row: ComparedRow
    metric: Field
    fields: tuple[Field, ...]
    problems: tuple[Problem, ...]
    measures: Mapping[str, str]
    """The titles of Qlib's measures that are shown too, by metric."""

    @property
    def title(self) -> str:
        """The title of the metric."""
        return field_title(self.metric)

    @property
    def runs_without_metric(self) -> int:
        """The number of runs that are not ranked."""
        return sum(self.row.number(run) is None for run in self.comparison.order)

    def records(self, *, all_but: bool) -> list[dict[str, Any]]:
        """Return a record for each run, or for each group by the named params, or by all params but these."""
        if not self.fields:
            return self._with_measures(_run_records(self.comparison, self.row), None)
        fields = fields_but(self.comparison.frame, self.fields) if all_but else self.fields
        seed = self.fields[0] if all_but and len(self.fields) == 1 else None
        groups = group_runs(self.comparison, self.row, fields)
        records = _group_records(self.comparison, self.row, groups, fields, seed)
        return self._with_measures(records, [group.runs for group in groups if group.statistics])

    def _with_measures(
        self, records: list[dict[str, Any]], groups: Sequence[Sequence[int]] | None
    ) -> list[dict[str, Any]]:
        """Return the records with the last values of the measures; those of groups are means."""
        frame = self.comparison.frame
        columns = {key: frame.column(Field(FieldKind.METRIC, key)) for key in self.measures}
        for index, record in enumerate(records):
            runs = (frame.row(record["run_id"]),) if groups is None else groups[index]
            for key, column in columns.items():
                statistics = statistics_of([value for run in runs if (value := _value(column, run)) is not None])
                record.setdefault("measures", {})[key] = statistics and statistics.mean
        return records


def _value(column: ValueColumn | None, run: int | None) -> float | None:
    value = None if column is None or run is None else column[run]
    return value if isinstance(value, float) else None


def read_ranking(
    library: Library,
    experiments: Sequence[str],
    filter: str,
    by: str,
    params: Sequence[str],
    higher: bool | None,
    *,
    with_measures: bool = False,
) -> Ranking:
    """Read the runs of experiments with their params and the metric; raise MetricNotFound if none has it.

    `with_measures` reads Qlib's measures too.
    """
    query = library.query(experiments, filter)
    lookup = key_lookup(library.store, query.experiment_ids, query.view)
    metric = _field_of(by, FieldKind.METRIC, lookup)
    fields = tuple(_field_of(name, FieldKind.PARAM, lookup) for name in params)
    metrics = None if with_measures else frozenset({metric.key})
    projection = replace(required_values(None, [OrderBy(metric)]), params=None, metrics=metrics)
    page = library.store.search(replace(query, projection=projection))
    directions = {} if higher is None else {metric.key: higher}
    frame = RunsFrame.from_runs(page.runs)
    comparison = RunComparison.of_frame(frame, {}, now_ms(), MetricChoice(metric.aggregate), directions)
    row = comparison.row(RowKind.METRIC, metric.key)
    if row is None:
        raise MetricNotFound(f"No run has a metric {metric.key!r}.")
    measures = measure_titles(frame.keys(FieldKind.METRIC)) if with_measures else {}
    if with_measures and not measures:
        raise MetricNotFound(NO_MEASURES)
    if metric.aggregate is Aggregate.LAST:
        measures.pop(metric.key, None)
    return Ranking(comparison, row, metric, fields, tuple(page.problems), measures)


def _field_of(name: str, kind: FieldKind, lookup: KeyLookup) -> Field:
    """Return the field of a name, of which a bare key means this kind; raise UsageError for another kind."""
    is_key = is_bare_key(name) and kind in lookup([name])[name]
    field = Field(kind, name) if is_key else parse_column(name, lookup)
    if field.kind is not kind:
        raise UsageError(f"{name} is not a {kind}, but a {field.kind}.")
    return field


def _run_records(comparison: RunComparison, row: ComparedRow) -> list[dict[str, Any]]:
    """Return a record for each run with the metric, the best first; NaN comes last."""
    ordered = comparison.sorted_by(row, descending=comparison.is_higher_better(row.key)).order
    params = [other for other in comparison.differing_rows if other.kind is RowKind.PARAM]
    return [
        {
            "rank": rank,
            "run_id": comparison.frame.infos[run].run_id,
            "name": comparison.frame.infos[run].name,
            "value": row.number(run),
            "params": {other.key: other.text(run) for other in params},
        }
        for rank, run in enumerate((run for run in ordered if row.number(run) is not None), 1)
    ]


def _group_records(
    comparison: RunComparison,
    row: ComparedRow,
    groups: Sequence[ComparedGroup],
    fields: Sequence[Field],
    seed: Field | None,
) -> list[dict[str, Any]]:
    """Return a record for each group with the metric, the best mean first, and its difference from the best group."""
    higher = comparison.is_higher_better(row.key)
    ranked = [group for group in groups if group.statistics]
    differences = differences_from_best(comparison, row, ranked, seed) if ranked else []
    records = []
    for rank, (group, difference) in enumerate(zip(ranked, differences, strict=True), 1):
        statistics = group.statistics
        assert statistics is not None
        records.append(
            {
                "rank": rank,
                "params": {field.key: value for field, value in zip(fields, group.values, strict=True)},
                "runs": len(group.runs),
                "values": statistics.count,
                "mean": statistics.mean,
                "std": statistics.deviation,
                "lower_quartile": statistics.first_quartile,
                "median": statistics.median,
                "upper_quartile": statistics.third_quartile,
                "best": statistics.best(higher=higher),
                "difference": difference and 0 - difference.difference,
                "margin": difference and difference.margin,
                "p": difference and difference.p,
                "p_corrected": difference and difference.corrected_p,
                "is_certain": difference and difference.is_certain,
            }
        )
    return records


def write_records(format_name: str, ranking: Ranking, records: Sequence[dict[str, Any]]) -> None:
    """Write the records; JSON and CSV have raw values."""
    if format_name == "json":
        formats.write_json_array(map(_plain, records))
    elif format_name == "csv":
        keys = list(dict.fromkeys(key for record in records for key in record["params"]))
        names = [name for name in (records[0] if records else ()) if name not in ("params", "measures")]
        rows = (
            [
                *(record[name] for name in names),
                *(record["measures"][key] for key in ranking.measures),
                *(record["params"].get(key) for key in keys),
            ]
            for record in records
        )
        titles = [*names, *(f"metrics.{key}" for key in ranking.measures), *(f"params.{key}" for key in keys)]
        formats.write_csv(titles, rows, False)
    else:
        measures = _measure_columns(records, ranking.measures)
        columns = (_group_columns if ranking.fields else _run_columns)(records, ranking.title, measures)
        terminal = detect_terminal()
        write_lines(formats.markdown_lines(columns) if format_name == "md" else lines(columns, terminal))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return json_number(value) if isinstance(value, float) else value


def _measure_columns(records: Sequence[dict[str, Any]], titles: Mapping[str, str]) -> list[Column]:
    """Return a column for each measure; they are left out where the width is short."""
    columns = []
    for key, title in titles.items():
        values = [record["measures"][key] for record in records]
        decimals = shared_decimals(value for value in values if value is not None)
        write = number_format(decimals)
        texts = [ABSENT if value is None else write(value) for value in values]
        columns.append(Column(title, texts, ">", can_be_cut=False, is_optional=True))
    return columns


def _run_columns(records: Sequence[dict[str, Any]], title: str, measures: Sequence[Column]) -> list[Column]:
    decimals = shared_decimals(record["value"] for record in records)
    values = list(map(number_format(decimals), (record["value"] for record in records)))
    columns = [
        Column("#", [str(record["rank"]) for record in records], ">", can_be_cut=False),
        Column("run", [record["run_id"][:8] for record in records], can_be_cut=False),
        Column("name", [display(record["name"]) for record in records]),
        Column(display(title), values, ">", can_be_cut=False, styles=["good"] + [""] * (len(records) - 1)),
    ]
    return [*columns, *measures, *_param_columns(records, MAX_PARAMS)]


def _group_columns(records: Sequence[dict[str, Any]], title: str, measures: Sequence[Column]) -> list[Column]:
    decimals = shared_decimals(record["mean"] for record in records)
    means = [_mean_text(record, decimals) for record in records]
    write = number_format(decimals)
    numbers = {name: [write(record[name]) for record in records] for name in ("median", "best")}
    counts = [str(record["values"]) for record in records]
    return [
        Column("#", [str(record["rank"]) for record in records], ">", can_be_cut=False),
        *_param_columns(records, None),
        Column(display(title), means, ">", can_be_cut=False, styles=["good"] + [""] * (len(records) - 1)),
        Column("n", counts, ">", can_be_cut=False),
        *(Column(name, cells, ">", can_be_cut=False) for name, cells in numbers.items()),
        Column("to the first", [_difference_text(record) for record in records], can_be_cut=False),
        *measures,
    ]


def _mean_text(record: dict[str, Any], decimals: int | None) -> str:
    """Return the mean of a group, with the deviation if it has several values."""
    mean = number_format(decimals)(record["mean"])
    return mean if record["values"] < 2 else f"{mean} ± {record['std']:.2g}"


def _param_columns(records: Sequence[dict[str, Any]], most: int | None) -> list[Column]:
    """Return a column for each param, or for the first `most` ones; they are left out where the width is short."""
    keys = list(dict.fromkeys(key for record in records for key in record["params"]))
    titles = short_names(keys)
    texts = {key: [record["params"].get(key) for record in records] for key in keys[:most]}
    return [
        Column(
            display(titles[key]),
            [ABSENT if text is None else display(text) for text in cells],
            is_optional=most is not None,
        )
        for key, cells in texts.items()
    ]


def _difference_text(record: dict[str, Any]) -> str:
    """Return the difference from the first group with its margin, and whether it is certain."""
    if record["difference"] is None:
        return ""
    text = f"{record['difference']:+.2g}"
    if record["margin"] is None:
        return text
    return f"{text} ± {record['margin']:.2g} {'certain' if record['is_certain'] else 'not certain'}"
