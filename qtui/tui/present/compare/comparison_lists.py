"""The rows of the views that explain a comparison: importance of params, groups and whether they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from textwrap import wrap

from qtui.compare.groups import (
    SEPARATOR,
    ComparedGroup,
    differences_from_best,
    distinct_group_names,
    field_names,
    group_runs,
    value_texts,
)
from qtui.compare.importance import ImportanceReport, ParamChange, param_importances, single_param_changes
from qtui.compare.run_comparison import ComparedRow, RunComparison
from qtui.compare.significance import GroupDifference, difference_sentence
from qtui.formatting import ABSENT, format_count, format_number, number_format, shared_decimals
from qtui.plot.pieces import Piece, Row
from qtui.query.ast import Field
from qtui.text import display, pad, truncate, width
from qtui.value_classes import dataclass

BAR_CELLS = 20
MAX_NAME_CELLS = 44
MAX_TITLE_CELLS = 22
SENTENCE_CELLS = 76
"""The width of the lines of a sentence, which fit into 80 columns."""
MAX_CHANGES = 200


@dataclass(frozen=True, slots=True)
class ExplainedRow:
    """A line of an explanation, with the runs and the sentence behind it."""

    pieces: Row
    sentence: str = ""
    """The line as a sentence, for the status line."""
    run: int | None = None
    """The run that the line is about, an index into the frame."""


def importance_rows(comparison: RunComparison, metric: ComparedRow, *, ascii_only: bool = False) -> list[ExplainedRow]:
    """Return the params by their importance, then the runs that differ in one param only with its effect."""
    report = param_importances(comparison, metric)
    changes = single_param_changes(comparison, metric)
    rows = list(_report_rows(report, "#" if ascii_only else "█"))
    if changes:
        rows += [ExplainedRow(()), _heading("Runs that differ in one param only: mean change of the metric")]
        rows += _change_rows(comparison, metric, changes)
    return rows


def _report_rows(report: ImportanceReport, block: str) -> Iterator[ExplainedRow]:
    if report.warning:
        yield ExplainedRow((Piece(display(report.warning), "warning"),))
    if not report.params:
        yield ExplainedRow((Piece("No param differs between the runs with this metric.", "muted"),))
        return
    yield _heading(f"What matters for {display(report.metric)}: {format_count(report.run_count, 'run')}")
    cells = _name_cells([param.key for param in report.params])
    titles = f"  {pad('param', cells)}  {pad('importance', BAR_CELLS + 6)}  correlation     runs"
    yield ExplainedRow((Piece(titles, "muted"),))
    for param in report.params:
        bar = pad(block * round(param.importance * BAR_CELLS), BAR_CELLS)
        correlation = ABSENT if param.correlation is None else f"{param.correlation:+.2f}"
        note = "  not in all runs" if param.is_conditional else ""
        yield ExplainedRow(
            (
                Piece(f"  {_name(param.key, cells)}  "),
                Piece(bar, "accent"),
                Piece(f" {param.importance:>4.0%}  {correlation:>11}  {param.count:>7,}"),
                Piece(note, "muted"),
            ),
            f"{param.key}: {param.importance:.1%} of the importance (PED-ANOVA)"
            + ("" if param.correlation is None else f", rank correlation {correlation} (Spearman)"),
        )


def _change_rows(
    comparison: RunComparison, metric: ComparedRow, changes: Sequence[ParamChange]
) -> Iterator[ExplainedRow]:
    higher = comparison.is_higher_better(metric.key)
    names = [f"{change.key}: {change.before} → {change.after}" for change in changes[:MAX_CHANGES]]
    cells = _name_cells(names)
    for change, name in zip(changes, names, strict=False):
        effect = change.mean_effect
        role = "muted" if not effect else "good" if (effect > 0) is higher else "error"
        pairs = format_count(len(change.effects), "pair")
        sign = "" if effect < 0 else "+"
        yield ExplainedRow(
            (
                Piece(f"  {_name(name, cells)}  "),
                Piece(f"{sign + format_number(float(f'{effect:.3g}')):>12}", role),
                Piece(f"  {pairs:>10}", "muted"),
            ),
            f"{name} changes {metric.key} by {sign}{format_number(float(f'{effect:.3g}'))} on average of {pairs}",
        )


def group_rows(
    comparison: RunComparison, metric: ComparedRow, fields: Sequence[Field], seed: Field | None
) -> list[ExplainedRow]:
    """Return the groups by their mean with statistics, and the difference of each from the best group."""
    groups = [group for group in group_runs(comparison, metric, fields) if group.statistics]
    if not groups:
        return [ExplainedRow((Piece("No group has a finite value of this metric.", "muted"),))]
    differences = differences_from_best(comparison, metric, groups, seed)
    sentences = [_sentence(comparison, metric, groups, differences, index) for index in range(len(groups))]
    lines = [line for part in sentences[0].split("; ", 1) for line in wrap(display(part), SENTENCE_CELLS)]
    rows = [ExplainedRow((Piece(line, "accent"),)) for line in lines]
    rows.append(ExplainedRow(()))
    higher = comparison.is_higher_better(metric.key)
    decimals = shared_decimals(group.statistics.mean for group in groups if group.statistics)
    cells = [_group_cells(group, result, decimals, higher) for group, result in zip(groups, differences, strict=True)]
    title = truncate(display(comparison.titles[metric]), MAX_TITLE_CELLS)
    titles = (title, "n", "behind the first", "certain", "chance", "median", "best")
    widths = [max(map(width, column)) for column in zip(titles, *cells, strict=True)]
    names = [SEPARATOR.join(value_texts(group.values)) or group.name for group in groups]
    heading = SEPARATOR.join(field_names(fields)) or "group"
    name_cells = _name_cells([heading, *names])
    header = f"  {_name(heading, name_cells)}{_columns(titles, widths)}"
    rows.append(ExplainedRow((Piece(header, "muted"),)))
    for name, group, result, texts, sentence in zip(names, groups, differences, cells, sentences, strict=True):
        pieces = (Piece(f"  {_name(name, name_cells)}"), *_group_pieces(texts, widths, result))
        best = group.statistics.best(higher=higher) if group.statistics else None
        rows.append(
            ExplainedRow(pieces, sentence, next((run for run in group.runs if metric.number(run) == best), None))
        )
    return rows


def _group_cells(
    group: ComparedGroup, result: GroupDifference | None, decimals: int | None, higher: bool
) -> tuple[str, ...]:
    """Return the texts of the columns of a group: mean, number of runs, difference from the best group, others."""
    statistics = group.statistics
    assert statistics is not None
    write = number_format(decimals)
    deviation = f" ± {statistics.deviation:.2g}" if statistics.count > 1 else ""
    mean = f"{write(statistics.mean)}{deviation}"
    numbers = [write(number) for number in (statistics.median, statistics.best(higher=higher))]
    if result is None:
        return (mean, f"{statistics.count:,}", "", "", "", *numbers)
    margin = "" if result.margin is None else f" ± {result.margin:.2g}"
    verdict = ABSENT if result.p is None else "yes" if result.is_certain else "not yet"
    chance = ABSENT if result.chance_first_better is None else f"{result.chance_first_better:.0%}"
    return (mean, f"{statistics.count:,}", f"{abs(result.difference):.2g}{margin}", verdict, chance, *numbers)


def _group_pieces(texts: Sequence[str], widths: Sequence[int], result: GroupDifference | None) -> Iterator[Piece]:
    """Yield the columns of a group: a difference that is certain stands out."""
    roles = ["strong", "text", *["good" if result is not None and result.is_certain else "muted"] * 3]
    for text, cells, role in zip(texts, widths, [*roles, "text", "text"], strict=True):
        yield Piece(_columns((text,), (cells,)), role)


def _columns(texts: Sequence[str], widths: Sequence[int]) -> str:
    """Return texts in columns, aligned to the right."""
    return "".join(f"  {pad(text, cells, '>')}" for text, cells in zip(texts, widths, strict=True))


def _sentence(
    comparison: RunComparison,
    metric: ComparedRow,
    groups: Sequence[ComparedGroup],
    differences: Sequence[GroupDifference | None],
    index: int,
) -> str:
    """Return the sentence about the best group and the one at `index`; about the second one for the first."""
    if len(groups) < 2:
        return "There is only one group: nothing to compare with."
    other = max(index, 1)
    names = distinct_group_names(groups[0], groups[other])
    higher = comparison.is_higher_better(metric.key)
    sentence = difference_sentence(names, comparison.titles[metric], differences[other], higher=higher)
    difference = differences[other]
    chance = None if difference is None else difference.chance_first_better
    return sentence if chance is None else f"{sentence[:-1]}; {_chance(chance)} chance (bootstrap)."


def _chance(chance: float) -> str:
    return "over 99 %" if chance > 0.99 else f"{chance:.0%}".replace("%", " %")


def _heading(text: str) -> ExplainedRow:
    return ExplainedRow((Piece(text, "heading"),))


def _name_cells(names: Sequence[str]) -> int:
    return min(MAX_NAME_CELLS, max((width(display(name)) for name in islice(names, 1000)), default=0))


def _name(name: str, cells: int) -> str:
    return pad(truncate(display(name), cells), cells)
