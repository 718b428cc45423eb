"""`qtui compare`: runs side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from qtui.cli import formats

if TYPE_CHECKING:
    from qtui.cli.table import Column
    from qtui.cli.terminal import Terminal
    from qtui.compare.run_comparison import ComparedRow, RunComparison
    from qtui.entities import Problem, Run, RunInfo
    from qtui.recorder import Library


def compare(
    ctx: typer.Context,
    runs: Annotated[
        list[str], typer.Argument(metavar="RUN RUN...", help="Run IDs, unique prefixes of them, or EXPERIMENT/NAME.")
    ],
    diff: Annotated[bool, typer.Option("--diff", help="Only rows that differ.")] = False,
    qlib: Annotated[
        bool, typer.Option("--qlib", help="Only Qlib's measures: IC, Rank IC, return, information ratio, drawdown.")
    ] = False,
    baseline: Annotated[
        str | None, typer.Option(metavar="RUN", help="Show the differences from this run; it is added if necessary.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON object.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print raw values as CSV.")] = False,
    md: Annotated[bool, typer.Option("--md", help="Print a Markdown table.")] = False,
    latex: Annotated[bool, typer.Option("--latex", help="Print a LaTeX table.")] = False,
    escape_formulas: formats.EscapeFormulas = False,
) -> None:
    """Compare runs side by side.

    The rows are attributes, params, metrics, tags, datasets and code.
    """
    from qtui.cli.global_options import report_problems
    from qtui.compare.comparison_export import exported_rows
    from qtui.errors import MetricNotFound, UsageError
    from qtui.runs.qlib_results import NO_MEASURES

    format_name = formats.chosen_format(json=json, csv=csv, md=md, latex=latex) or "table"
    formats.check_escape_formulas(escape_formulas, format_name)
    with ctx.obj.library() as library:
        base = library.find_run(baseline) if baseline else None
        infos = list(dict.fromkeys([*([base] if base else []), *map(library.find_run, runs)]))
        if len(infos) < 2:
            raise UsageError("Name at least two different runs to compare.")
        comparison, problems = read_comparison(library, infos)
    comparison = comparison.with_baseline(0 if base else None)
    rows = exported_rows(comparison, differing=diff)
    if qlib:
        if not comparison.measures:
            raise MetricNotFound(NO_MEASURES)
        rows = [row for row in comparison.measures if row in rows]
    _write(format_name, comparison, rows, escape_formulas)
    report_problems(problems, {info.run_id for info in infos})


def read_comparison(library: Library, infos: Sequence[RunInfo]) -> tuple[RunComparison, list[Problem]]:
    """Read the values of runs and return their comparison, in this order, with the problems."""
    from qtui.compare.run_comparison import RunComparison
    from qtui.entities import ViewType
    from qtui.formatting import now_ms

    by_id: dict[str, Run] = {}
    problems: list[Problem] = []
    for batch in library.values(infos):
        by_id |= {run.info.run_id: run for run in batch.items}
        problems += batch.problems
    loaded = [by_id[info.run_id] if info.run_id in by_id else library.run(info) for info in infos]
    names = {experiment.experiment_id: experiment.name for experiment in library.experiments(ViewType.ALL).items}
    return RunComparison.of_runs(loaded, names, now_ms()), problems


def _write(format_name: str, comparison: RunComparison, rows: Sequence[ComparedRow], escape_formulas: bool) -> None:
    from qtui.cli.formats import write_csv_text
    from qtui.cli.terminal import detect_terminal, write_data, write_lines
    from qtui.compare.comparison_export import export_csv, export_json, export_latex, export_markdown

    if format_name == "json":
        for text in export_json(comparison, rows):
            write_data(text)
    elif format_name == "csv":
        write_csv_text(export_csv(comparison, rows, escape_formulas=escape_formulas))
    elif format_name == "table":
        _write_table(comparison, rows, detect_terminal())
    else:
        export = export_markdown if format_name == "md" else export_latex
        write_lines(line.removesuffix("\n") for line in export(comparison, rows))


def _write_table(comparison: RunComparison, rows: Sequence[ComparedRow], terminal: Terminal) -> None:
    """Write a table with a heading for each kind of rows."""
    from qtui import stderr
    from qtui.cli.table import fit, lines
    from qtui.cli.terminal import write_lines
    from qtui.compare.run_comparison import KIND_TITLES, difference_summary

    write_lines(
        [terminal.paint(f"{len(comparison.order):,} runs differ in: {difference_summary(comparison)}", "accent")]
    )
    columns, widths = fit(_columns(comparison, rows), terminal.width)
    if len(columns) <= len(comparison.order):
        fitting = f"{len(columns) - 1:,} of {len(comparison.order):,} runs"
        stderr.print_message(f"{fitting} are shown, which fit the width; --csv gives all.")
    titles, *body = lines(columns, terminal, widths)
    output = [titles]
    kind = None
    for row, line in zip(rows, body, strict=True):
        if row.kind is not kind:
            kind = row.kind
            output.append(terminal.paint(KIND_TITLES[kind], "heading"))
        output.append(line)
    write_lines(output)


def _columns(comparison: RunComparison, rows: Sequence[ComparedRow]) -> list[Column]:
    """Return the column of the keys and one for each run, the best values bold."""
    from qtui.cli.table import Column
    from qtui.compare.comparison_export import cell_text
    from qtui.text import display

    best = [comparison.best_runs(row) for row in rows]
    columns = [Column("", [f"  {comparison.titles[row]}" for row in rows])]
    for number, run in enumerate(comparison.order):
        title = display(comparison.names[run]) + (" (baseline)" if run == comparison.baseline else "")
        styles = ["good" if run in runs else "" if row.differs else "dim" for row, runs in zip(rows, best, strict=True)]
        columns.append(
            Column(title, [cell_text(comparison, row, run) for row in rows], ">", is_optional=number > 1, styles=styles)
        )
    return columns
