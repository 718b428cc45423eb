"""A run as the details show it, and the tabs that show it: pure, without a widget."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import NamedTuple

from qtui.entities import Artifact, Run, Summary
from qtui.tui.present import detail_rows as facts
from qtui.tui.present.detail_rows import Column, DetailRow, RunContext
from qtui.tui.present.qlib_results import results


@dataclass(frozen=True, slots=True)
class RunView:
    """A run with all that the details show of it, as far as it has been read."""

    run: Run
    context: RunContext = field(default_factory=RunContext)
    summaries: Mapping[str, Summary] = field(default_factory=dict)
    sparklines: Mapping[str, str] = field(default_factory=dict)
    """A sparkline for each metric."""

    levels: Mapping[str, Sequence[Artifact]] | None = None
    """The folders of artifacts that are open; None before the first was read."""

    failure: str = ""
    """Why the run could not be read."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the tabs: its rows, its columns, and what stands there when it has none."""

    name: str
    rows: Callable[[RunView, int, timedelta], Sequence[DetailRow]]
    columns: tuple[Column, ...] = facts.TEXT_COLUMNS
    empty: str = ""


def _overview(view: RunView, now: int, silence: timedelta) -> tuple[DetailRow, ...]:
    return (*results(view.run.metrics), *facts.overview(view.run, view.context, now, silence))


TABS = (
    Tab("overview", _overview),
    Tab("params", lambda view, *_: facts.texts(view.run.params), empty="This run has no params."),
    Tab(
        "metrics",
        lambda view, *_: facts.metrics(view.run.metrics, view.summaries, view.sparklines),
        facts.METRIC_COLUMNS,
        "This run has no metrics.",
    ),
    Tab("charts", lambda *_: (), empty="This run has no metrics."),
    Tab("tags", lambda view, *_: facts.tags(view.run), empty="This run has no tags."),
    Tab(
        "artifacts",
        lambda view, *_: tuple(facts.artifacts(view.levels or {})),
        facts.ARTIFACT_COLUMNS,
        "This run has no artifacts.",
    ),
)
OVERVIEW, PARAMS, METRICS, CHARTS, ARTIFACTS = 0, 1, 2, 3, len(TABS) - 1


class Section(NamedTuple):
    """What a row of the overview leads to: a tab, or one metric."""

    tab: int
    metric: str = ""


def stacked_sections(view: RunView) -> tuple[DetailRow, ...]:
    """Return metrics and params as they stand below the overview where there is height to spare."""
    metrics = facts.metrics(view.run.metrics, view.summaries, view.sparklines)
    rows = [
        DetailRow(
            row.key,
            (f"{row.cells[0]}  {view.sparklines.get(row.key, '')}",),
            row.value,
            target=Section(METRICS, row.key),
        )
        for row in metrics
        if not row.key.startswith(facts.SYSTEM_METRICS)
    ]
    params = facts.texts(view.run.params)
    return (*_under_heading("metrics", METRICS, rows), *_under_heading("params", PARAMS, params))


def _under_heading(name: str, tab: int, rows: Sequence[DetailRow]) -> tuple[DetailRow, ...]:
    return (DetailRow(f"{name} {len(rows):,}", role="heading", target=Section(tab)), *rows) if rows else ()


def amounts(view: RunView | None) -> tuple[int | None, ...]:
    """How much there is in each tab; None where that says nothing."""
    if view is None:
        return (None,) * len(TABS)
    run = view.run
    return (None, len(run.params), len(run.metrics), None, len(facts.tags(run)), None)


def merge_reloaded(known: RunView, view: RunView) -> RunView:
    """A run that is read again; what has not come again yet stays as it was."""
    return replace(
        view,
        levels=known.levels,
        summaries={**known.summaries, **view.summaries},
        sparklines={**known.sparklines, **view.sparklines},
    )
