"""The registry of the details' tabs: an entry says what a tab counts, shows and opens.

To add a tab, write a subclass of `DetailsTab` and add an instance to `DETAILS_TABS`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from enum import Enum, auto
from typing import ClassVar

from qtui.runs.qlib_results import has_report
from qtui.tui.present.details.detail_rows import (
    ARTIFACT_COLUMNS,
    METRIC_COLUMNS,
    SYSTEM_METRICS,
    TEXT_COLUMNS,
    DetailColumn,
    DetailRow,
    artifact_rows,
    metric_rows,
    overview_rows,
    tag_rows,
    value_rows,
)
from qtui.tui.present.details.group_rows import STATISTICS_COLUMNS, GroupDetails
from qtui.tui.present.details.run_view import RunView
from qtui.value_classes import dataclass


class TabBody(Enum):
    """The widget that shows a tab."""

    ROWS = auto()
    CHARTS = auto()
    REPORT = auto()


@dataclass(frozen=True, slots=True)
class TabTarget:
    """A row that opens another tab."""

    tab: str


@dataclass(frozen=True, slots=True)
class MetricTarget:
    """A row that opens the chart of a metric."""

    metric: str


class DetailsTab:
    """A tab of the details; the defaults are those of a tab with rows of text."""

    name: ClassVar[str]
    body: ClassVar[TabBody] = TabBody.ROWS
    columns: ClassVar[tuple[DetailColumn, ...]] = TEXT_COLUMNS
    group_columns: ClassVar[tuple[DetailColumn, ...]] = TEXT_COLUMNS
    has_heading: ClassVar[bool] = False
    """Whether the titles of the columns are shown."""

    has_names: ClassVar[bool] = False
    """Whether the keys are names of metrics or params, which are shortened where they do not fit."""

    has_preview: ClassVar[bool] = False
    """Whether the file under the cursor is shown below the rows, in a pane that is tall enough."""

    has_folders: ClassVar[bool] = False
    """Whether a search also loads the contents of closed folders."""

    has_note: ClassVar[bool] = False
    """Whether the note of the run is shown below the rows."""

    shows_ages: ClassVar[bool] = False
    """Whether the rows change as time passes."""

    empty: ClassVar[str] = ""
    """The notice where a run has no rows."""

    group_notice: ClassVar[str] = ""
    """The notice where a group of runs is shown, for tabs that cannot show a group; command IDs in braces are keys."""

    def is_shown(self, run: RunView) -> bool:
        """Return whether the tab is offered for a run; the tab in front stays where the cursor moves to another run."""
        return True

    def count(self, run: RunView) -> int | None:
        """Return the number beside the name of the tab, or None for no number."""
        return None

    def rows(self, run: RunView, now: int, stale_after: timedelta) -> Sequence[DetailRow]:
        """Return the rows of a run; `stale_after` is how long a running run may log nothing before it is stale."""
        return ()

    def stacked_rows(self, run: RunView) -> Sequence[DetailRow]:
        """Return more rows for a pane that is tall enough."""
        return ()

    def group_rows(self, group: GroupDetails) -> Sequence[DetailRow]:
        """Return the rows of a group of runs."""
        return ()

    def needs_artifacts(self, run: RunView) -> bool:
        """Return whether the root folder of the artifacts must be loaded."""
        return False

    def target(self, row: DetailRow) -> object:
        """Return what a row opens; None opens its value."""
        return row.target


class OverviewTab(DetailsTab):
    """Status, times, origin, related runs and damage; metrics and params below them in a tall pane."""

    name = "overview"
    has_note = True
    shows_ages = True

    def rows(self, run: RunView, now: int, stale_after: timedelta) -> Sequence[DetailRow]:
        return overview_rows(run.run, run.context, now, stale_after)

    def stacked_rows(self, run: RunView) -> Sequence[DetailRow]:
        """Return the metrics, except system metrics, and the params, each below a heading."""
        metrics = [
            DetailRow(
                row.key,
                (f"{row.cells[0]}  {run.sparklines.get(row.key, '')}",),
                row.value,
                target=MetricTarget(row.key),
                section=MetricsTab.name,
            )
            for row in metric_rows(run.run.metrics, run.summaries, run.sparklines)
            if not row.key.startswith(SYSTEM_METRICS)
        ]
        params = [replace(row, section=ParamsTab.name) for row in value_rows(run.run.params)]
        return (*_section(MetricsTab.name, metrics), *_section(ParamsTab.name, params))

    def group_rows(self, group: GroupDetails) -> Sequence[DetailRow]:
        return group.overview()


def _section(tab: str, rows: Sequence[DetailRow]) -> tuple[DetailRow, ...]:
    """Return rows below a heading that opens their tab."""
    heading = DetailRow(f"{tab} {len(rows):,}", role="heading", target=TabTarget(tab), section=tab)
    return (heading, *rows) if rows else ()


class ParamsTab(DetailsTab):
    """The params."""

    name = "params"
    has_names = True
    empty = "This run has no params."

    def count(self, run: RunView) -> int | None:
        return len(run.run.params)

    def rows(self, run: RunView, now: int, stale_after: timedelta) -> Sequence[DetailRow]:
        return value_rows(run.run.params)

    def group_rows(self, group: GroupDetails) -> Sequence[DetailRow]:
        return group.params()


class MetricsTab(DetailsTab):
    """The metrics with their summaries and sparklines."""

    name = "metrics"
    has_names = True
    columns = METRIC_COLUMNS
    group_columns = STATISTICS_COLUMNS
    has_heading = True
    empty = "This run has no metrics."

    def count(self, run: RunView) -> int | None:
        return len(run.run.metrics)

    def rows(self, run: RunView, now: int, stale_after: timedelta) -> Sequence[DetailRow]:
        return metric_rows(run.run.metrics, run.summaries, run.sparklines)

    def group_rows(self, group: GroupDetails) -> Sequence[DetailRow]:
        return group.metrics()

    def target(self, row: DetailRow) -> object:
        """Return the chart of the metric, or the best run of a group."""
        return row.target or MetricTarget(row.key)


class ChartsTab(DetailsTab):
    """A small chart of each metric."""

    name = "charts"
    body = TabBody.CHARTS
    empty = "This run has no metrics."
    group_notice = "Press {draw-metrics} in the runs to draw a metric of the groups."


class TagsTab(DetailsTab):
    """The tags without the note."""

    name = "tags"
    empty = "This run has no tags."

    def count(self, run: RunView) -> int | None:
        """Return the number of tags without the note."""
        return len(tag_rows(run.run))

    def rows(self, run: RunView, now: int, stale_after: timedelta) -> Sequence[DetailRow]:
        return tag_rows(run.run)


class ArtifactsTab(DetailsTab):
    """The tree of artifacts, whose folders are loaded when they are opened."""

    name = "artifacts"
    columns = ARTIFACT_COLUMNS
    group_columns = ARTIFACT_COLUMNS
    has_preview = True
    has_folders = True
    empty = "This run has no artifacts."

    def rows(self, run: RunView, now: int, stale_after: timedelta) -> Sequence[DetailRow]:
        return tuple(artifact_rows(run.levels or {}))

    def needs_artifacts(self, run: RunView) -> bool:
        return run.levels is None


class ReportTab(DetailsTab):
    """The results of Qlib's signal analysis and backtest on one screen."""

    name = "report"
    body = TabBody.REPORT
    empty = "This run has no results of Qlib: no IC and no backtest."
    group_notice = "Move to a run to see its report."

    def is_shown(self, run: RunView) -> bool:
        """Return whether the run has metrics of a report, or folders with its artifacts as far as they are known."""
        folders = [artifact.path for artifact in (run.levels or {}).get("", ()) if artifact.is_dir]
        return has_report(run.run.metrics, folders)


DETAILS_TABS: tuple[DetailsTab, ...] = (
    OverviewTab(),
    ReportTab(),
    ParamsTab(),
    MetricsTab(),
    ChartsTab(),
    TagsTab(),
    ArtifactsTab(),
)
