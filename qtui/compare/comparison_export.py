"""Export a comparison as CSV, Markdown, LaTeX or JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from qtui.compare.run_comparison import ComparedRow, RunComparison
from qtui.formatting import ABSENT
from qtui.runs.text_formats import format_csv, format_json_value, format_latex, format_markdown, json_number
from qtui.text import display


def exported_rows(comparison: RunComparison, *, differing: bool) -> Sequence[ComparedRow]:
    """Return all rows, or the differing ones."""
    return comparison.differing_rows if differing else comparison.rows


def comparison_json(comparison: RunComparison, rows: Iterable[ComparedRow]) -> dict[str, Any]:
    """Return a comparison as a JSON object: the runs, then the rows with a value for each run.

    With a baseline each row has the differences from its value: `deltas` and `percents`.
    """
    infos = comparison.frame.infos
    return {
        "runs": [
            {"run_id": infos[run].run_id, "name": infos[run].name, "experiment_id": infos[run].experiment_id}
            for run in comparison.order
        ],
        "baseline": None if comparison.baseline is None else infos[comparison.baseline].run_id,
        "rows": [_row_json(comparison, row) for row in rows],
    }


def _row_json(comparison: RunComparison, row: ComparedRow) -> dict[str, Any]:
    values = {
        "kind": row.kind.value,
        "key": row.key,
        "values": [_json_value(row, run) for run in comparison.order],
        "differs": row.differs,
    }
    if comparison.baseline is None:
        return values
    deltas = [comparison.delta(row, run) for run in comparison.order]
    return {
        **values,
        "deltas": [None if delta is None else json_number(delta.difference) for delta in deltas],
        "percents": [None if delta is None else json_number(delta.percent) for delta in deltas],
    }


def _json_value(row: ComparedRow, run: int) -> Any:
    value = row.column[run]
    if isinstance(value, float):
        return int(value) if row.is_time and value.is_integer() else json_number(value)
    return value


def export_csv(
    comparison: RunComparison, rows: Iterable[ComparedRow], *, escape_formulas: bool = False
) -> Iterator[str]:
    """Yield raw values as CSV, one line for each row; the title of a column is the ID of its run."""
    titles = ["kind", "key", *(comparison.frame.infos[run].run_id for run in comparison.order)]
    lines = ([row.kind.value, row.key, *(_json_value(row, run) for run in comparison.order)] for row in rows)
    return format_csv(titles, lines, escape_formulas=escape_formulas)


def export_json(comparison: RunComparison, rows: Iterable[ComparedRow]) -> Iterator[str]:
    """Yield the comparison as one JSON object."""
    yield format_json_value(comparison_json(comparison, rows))


def export_markdown(comparison: RunComparison, rows: Sequence[ComparedRow]) -> Iterator[str]:
    """Yield the texts of the cells as a Markdown table, the best values bold."""
    return format_markdown(*_text_table(comparison, rows, bold="**{}**"))


def export_latex(comparison: RunComparison, rows: Sequence[ComparedRow]) -> Iterator[str]:
    """Yield the texts of the cells as a LaTeX table."""
    return format_latex(*_text_table(comparison, rows, bold="{}"))


def _text_table(
    comparison: RunComparison, rows: Sequence[ComparedRow], bold: str
) -> tuple[list[str], list[bool], Iterator[list[str]]]:
    """Return titles, alignments and rows of texts; `bold` is the format of the best values."""
    titles = ["", *(display(comparison.names[run]) for run in comparison.order)]

    def cells(row: ComparedRow) -> list[str]:
        best = comparison.best_runs(row)
        texts = [cell_text(comparison, row, run) for run in comparison.order]
        pairs = zip(comparison.order, texts, strict=True)
        return [comparison.titles[row], *(bold.format(text) if run in best else text for run, text in pairs)]

    return titles, [False, *(True for _ in comparison.order)], map(cells, rows)


def cell_text(comparison: RunComparison, row: ComparedRow, run: int) -> str:
    """Return a value for display, with its difference from the baseline; `ABSENT` where there is none."""
    text = row.text(run)
    return " ".join(filter(None, (ABSENT if text is None else display(text), comparison.delta_text(row, run))))


EXPORT_FORMATS: Mapping[str, Callable[[RunComparison, Sequence[ComparedRow]], Iterator[str]]] = {
    "CSV": export_csv,
    "Markdown": export_markdown,
    "JSON": export_json,
    "LaTeX": export_latex,
}
