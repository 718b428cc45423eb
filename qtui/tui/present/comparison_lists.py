"""The rows of the views that explain a comparison: importance of params, groups and whether they differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from qtui.compare.groups import ComparedGroup, differences_from_best, distinct_group_names, group_runs
from qtui.compare.importance import ImportanceReport, ParamChange, param_importances, single_param_changes
from qtui.compare.run_comparison import ComparedRow, RunComparison
from qtui.compare.significance import GroupDifference, difference_sentence
from qtui.formatting import ABSENT, format_count, format_fixed, format_number, shared_decimals
from qtui.plot.pieces import Piece, Row
from qtui.query.ast import Field
from qtui.text import display, pad, truncate, width
from qtui.value_classes import dataclass

BAR_CELLS = 20
MAX_NAME_CELLS = 44
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
    groups = [group for group in group_runs(comparison, metric, fields).groups if group.statistics]
    if not groups:
        return [ExplainedRow((Piece("No group has a finite value of this metric.", "muted"),))]
    differences = differences_from_best(comparison, metric, groups, seed)
    sentences = [_sentence(comparison, metric, groups, differences, index) for index in range(len(groups))]
    rows = [ExplainedRow((Piece(display(part), "accent"),)) for part in sentences[0].split("; ", 1)]
    rows.append(ExplainedRow(()))
    cells = _name_cells([group.name for group in groups])
    title = display(comparison.titles[metric])
    titles = f"  {pad('group', cells)}  {'n':>4}  {pad(truncate(title, 22), 22, '>')}  {'median':>10}  {'best':>10}"
    rows.append(ExplainedRow((Piece(f"{titles}  {'behind the first':>22}  chance", "muted"),)))
    decimals = shared_decimals(group.statistics.mean for group in groups if group.statistics)
    triples = zip(groups, differences, sentences, strict=True)
    return rows + [_group_row(comparison, metric, *triple, cells, decimals) for triple in triples]


def _group_row(
    comparison: RunComparison,
    metric: ComparedRow,
    group: ComparedGroup,
    difference: GroupDifference | None,
    sentence: str,
    cells: int,
    decimals: int | None,
) -> ExplainedRow:
    statistics = group.statistics
    assert statistics is not None
    higher = comparison.is_higher_better(metric.key)
    best = statistics.best(higher=higher)
    deviation = f" ± {statistics.deviation:.2g}" if statistics.count > 1 else ""
    mean = f"{_number(statistics.mean, decimals)}{deviation}"
    numbers = f"{_number(statistics.median, decimals):>10}  {_number(best, decimals):>10}"
    pieces = [Piece(f"  {_name(group.name, cells)}  {statistics.count:>4,}  "), Piece(f"{mean:>22}", "strong")]
    pieces.append(Piece(f"  {numbers}  "))
    if difference is not None:
        amount = f"{abs(difference.difference):.2g}"
        margin = "" if difference.margin is None else f" ± {difference.margin:.2g}"
        chance = difference.chance_first_better
        pieces.append(Piece(f"{amount + margin:>22}", "good" if difference.is_certain else "muted"))
        pieces.append(Piece("" if chance is None else f"  {chance:>6.0%}", "muted"))
    run = next((run for run in group.runs if metric.number(run) == best), None)
    return ExplainedRow(tuple(pieces), sentence, run)


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


def _number(value: float, decimals: int | None) -> str:
    return format_number(value) if decimals is None else format_fixed(value, decimals)


def _heading(text: str) -> ExplainedRow:
    return ExplainedRow((Piece(text, "heading"),))


def _name_cells(names: Sequence[str]) -> int:
    return min(MAX_NAME_CELLS, max((width(display(name)) for name in islice(names, 1000)), default=0))


def _name(name: str, cells: int) -> str:
    return pad(truncate(display(name), cells), cells)
