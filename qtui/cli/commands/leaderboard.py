"""`qtui leaderboard`: the runs or groups of an experiment ranked by a metric."""

from __future__ import annotations

from typing import Annotated

import typer

from qtui.cli import formats

DEFAULT_ROWS = 20


def leaderboard(
    ctx: typer.Context,
    experiments: Annotated[list[str], typer.Argument(metavar="EXP...", help="Names or IDs.")],
    by: Annotated[str, typer.Option("--by", metavar="METRIC", help='Such as "Rank IC" or "best(metrics.val/acc)".')],
    group_by: Annotated[
        list[str] | None, typer.Option("--group-by", metavar="PARAM", help="Rank groups with equal values; repeatable.")
    ] = None,
    all_but: Annotated[
        list[str] | None,
        typer.Option("--all-but", metavar="PARAM", help="Group by all params but these, such as seed; repeatable."),
    ] = None,
    higher: Annotated[
        bool | None,
        typer.Option("--higher/--lower", help="Whether higher or lower is better; by default derived from the name."),
    ] = None,
    qlib: Annotated[
        bool,
        typer.Option("--qlib", help="Add Qlib's measures: IC, Rank IC, return and drawdown; of groups their means."),
    ] = False,
    filter: Annotated[str, typer.Option(help='Such as "status = finished".')] = "",
    limit: Annotated[int, typer.Option(min=1, help="Maximum number of lines to print.")] = DEFAULT_ROWS,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print raw values as CSV.")] = False,
    md: Annotated[bool, typer.Option("--md", help="Print a Markdown table.")] = False,
) -> None:
    """Rank runs or groups of runs by a metric.

    Groups are ranked by their mean, with the difference from the first group and whether it is certain.
    """
    from qtui import stderr
    from qtui.cli import ranking
    from qtui.cli.global_options import report_problems
    from qtui.errors import UsageError
    from qtui.formatting import format_count

    if group_by and all_but:
        raise UsageError("--group-by and --all-but are mutually exclusive.")
    format_name = formats.chosen_format(json=json, csv=csv, md=md) or "table"
    with ctx.obj.library() as library:
        params = group_by or all_but or ()
        ranked = ranking.read_ranking(library, experiments, filter, by, params, higher, with_measures=qlib)
    records = ranked.records(all_but=bool(all_but))
    ranking.write_records(format_name, ranked, records[:limit])
    if len(records) > limit:
        stderr.print_message(f"{limit:,} of {len(records):,} lines are shown.")
    if ranked.runs_without_metric:
        runs = format_count(ranked.runs_without_metric, "run has", "runs have")
        stderr.print_message(f"{runs} no {ranked.metric.key}.")
    report_problems(ranked.problems, set(ranked.comparison.frame.infos.row_by_id))
