"""`qtui runs`: the runs of some or all experiments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from qtui import stderr
from qtui.cli import formats
from qtui.cli.global_options import report_problems
from qtui.entities import ViewType

if TYPE_CHECKING:
    from qtui.cli.columns import FormatContext, Pick
    from qtui.cli.terminal import Terminal
    from qtui.entities import Run
    from qtui.query import KeyLookup
    from qtui.query.projection import Projection
    from qtui.recorder import Library
    from qtui.store import Page


def runs(
    ctx: typer.Context,
    experiments: Annotated[list[str] | None, typer.Argument(metavar="[EXP]...", help="Names or IDs.")] = None,
    filter: Annotated[str, typer.Option(help='Such as "Rank IC > 0.05 and status = finished".')] = "",
    sort: Annotated[list[str] | None, typer.Option(help='Such as "Rank IC desc" or "started"; repeatable.')] = None,
    columns: Annotated[str, typer.Option(help="Such as name,status,Rank IC,params.lr,tags.team.")] = "",
    limit: Annotated[int | None, typer.Option(min=0, help="Maximum number of runs to list.")] = None,
    view: Annotated[ViewType, typer.Option(help="Runs to list, by lifecycle stage.")] = ViewType.ACTIVE,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON array.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print raw values as CSV.")] = False,
    md: Annotated[bool, typer.Option("--md", help="Print a Markdown table.")] = False,
    escape_formulas: formats.EscapeFormulas = False,
) -> None:
    """List runs with their metrics and params.

    Lists the runs of the named experiments, or of all; the latest first, unless --sort says otherwise.
    """
    from dataclasses import replace
    from datetime import timedelta

    from qtui import settings
    from qtui.query import logged_fields, required_values
    from qtui.query.ast import OrderBy
    from qtui.store.key_lookup import key_lookup

    format_name = formats.chosen_format(json=json, csv=csv, md=md) or "table"
    formats.check_escape_formulas(escape_formulas, format_name)
    with ctx.obj.library() as library:
        stale_after = timedelta(minutes=settings.current().stale_after_minutes)
        query = library.query(experiments or None, filter, sort or (), view=view, limit=limit, silence=stale_after)
        picks = _picks(columns, format_name, key_lookup(library.store, query.experiment_ids, view))
        logged = required_values(None, map(OrderBy, logged_fields(query.filter, query.order_by)))
        query = replace(query, projection=_projection(format_name, picks).union(logged))
        page = library.store.search(query)
        if format_name != "json":
            picks = picks or _default_picks(format_name, page.runs, view, logged)
        context = _context(library, format_name, picks)
        if format_name == "csv":
            _write_csv(page.runs, picks, context, escape_formulas)
        else:
            _WRITERS[format_name](page.runs, picks, context)
        missing = library.missing_fields(query, page.runs)
    report_problems(page.problems, {run.info.run_id for run in page.runs})
    for field in missing:
        stderr.print_message(f"No run has a {field.kind} {field.key!r}.")
    _report_count(page, view, is_filtered=bool(filter))


def _report_count(page: Page, view: ViewType, *, is_filtered: bool) -> None:
    """Say on stderr that no run matches, or that not all are shown."""
    if not page.runs:
        deleted = "deleted " if view is ViewType.DELETED else ""
        stderr.print_message(f"No {deleted}run matches." if is_filtered else f"There are no {deleted}runs.")
    elif page.total is None:
        stderr.print_message(f"{len(page.runs):,} runs are shown; more match.")
    elif len(page.runs) < page.total:
        stderr.print_message(f"{len(page.runs):,} of {page.total:,} runs are shown.")


def _picks(columns: str, format_name: str, lookup: KeyLookup) -> list[Pick]:
    """Return the columns of the command line or the settings.

    The settings serve all stores, so a key that this one does not have is an empty column; on the command line it is
    an error.
    """
    from qtui import settings
    from qtui.cli.columns import parse_pick
    from qtui.query.column_names import is_bare_key

    names = [name.strip() for name in columns.split(",") if name.strip()]
    is_setting = not names and format_name in ("table", "md")
    if is_setting:
        names = [name.strip() for name in settings.current().columns]
    kinds = lookup([name for name in names if is_bare_key(name)])
    missing = [name for name, of_name in kinds.items() if not of_name] if is_setting else []
    for name in missing:
        stderr.print_message(f"No run has a metric, param or tag {name!r}.")
    # A missing key is read as a metric: its column is empty.
    return [parse_pick(f"metrics.{name}" if name in missing else name, lookup) for name in names]


def _projection(format_name: str, picks: Sequence[Pick]) -> Projection:
    """Return the values to read."""
    from dataclasses import replace

    from qtui.cli.columns import NAMES, projection_of

    if format_name != "json" and picks:
        return projection_of(picks)
    return replace(NAMES, params=None, metrics=None, tags=NAMES.tags if format_name in ("table", "md") else None)


def _default_picks(format_name: str, runs: Sequence[Run], view: ViewType, queried: Projection) -> list[Pick]:
    """Return the default columns; `queried` has the fields of filter and sort."""
    from qtui.cli import default_picks

    if format_name == "csv":
        return default_picks.all_picks(runs)
    several = len({run.info.experiment_id for run in runs}) > 1
    picks = default_picks.default_picks(runs, view, several, queried)
    terminal = _terminal(format_name)
    visible = default_picks.picks_within(picks, terminal.width)
    if terminal.width is None and len(visible) < len(picks):
        stderr.print_message(
            f"{len(visible):,} of {len(picks):,} columns are shown; --csv gives all, --columns chooses."
        )
    return visible


def _terminal(format_name: str) -> Terminal:
    """Return the terminal that a format is laid out for; without a width for all but tables."""
    from qtui.cli.terminal import Terminal, detect_terminal

    return detect_terminal() if format_name == "table" else Terminal()


def _context(library: Library, format_name: str, picks: Sequence[Pick]) -> FormatContext:
    """Return the context of formatting; it has the names of experiments only if a column shows them."""
    from qtui.cli.columns import EXPERIMENT, FormatContext
    from qtui.formatting import now_ms

    needs_names = format_name == "json" or any(pick.field == EXPERIMENT for pick in picks)
    experiments = library.experiments(ViewType.ALL).items if needs_names else ()
    names = {experiment.experiment_id: experiment.name for experiment in experiments}
    return FormatContext(_terminal(format_name), now_ms(), names)


def _write_table(runs: Sequence[Run], picks: Sequence[Pick], context: FormatContext) -> None:
    from qtui.cli.columns import make_columns
    from qtui.cli.table import lines
    from qtui.cli.terminal import write_lines

    if runs:
        write_lines(lines(make_columns(picks, runs, context), context.terminal))


def _write_md(runs: Sequence[Run], picks: Sequence[Pick], context: FormatContext) -> None:
    from qtui.cli.columns import make_columns
    from qtui.cli.terminal import write_lines

    write_lines(formats.markdown_lines(make_columns(picks, runs, context)))


def _write_csv(runs: Sequence[Run], picks: Sequence[Pick], context: FormatContext, escape_formulas: bool) -> None:
    from qtui.cli.columns import qualified_name, raw_getter

    getters = [raw_getter(pick.field, context) for pick in picks]
    titles = [qualified_name(pick) for pick in picks]
    formats.write_csv(titles, ([get(run) for get in getters] for run in runs), escape_formulas)


def _write_json(runs: Sequence[Run], picks: Sequence[Pick], context: FormatContext) -> None:
    from qtui.cli.json_objects import run_json

    formats.write_json_array(run_json(run, context.experiments) for run in runs)


_WRITERS: Mapping[str, Callable[[Sequence[Run], Sequence[Pick], FormatContext], None]] = {
    "table": _write_table,
    "md": _write_md,
    "json": _write_json,
}
