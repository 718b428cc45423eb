"""The message that opens what a row of the details names."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message

from qtui.entities import Artifact
from qtui.tui.messages import GoToRun, OpenArtifact, OpenChart, ShowValue
from qtui.tui.present.details.detail_rows import DetailRow
from qtui.tui.present.details.details_tabs import MetricTarget
from qtui.tui.present.details.run_view import RunView
from qtui.tui.present.details.tab_contents import TabContents


def opening_message(contents: TabContents, row: DetailRow, rows: Sequence[DetailRow]) -> Message | None:
    """Return the message that opens an artifact, a metric or a run, or else shows the value.

    `rows` has all rows of the tab: an open artifact can be left for that of another row.
    """
    target, view = contents.tab.target(row), contents.view
    if isinstance(target, Artifact | MetricTarget):
        if view is None:
            return None
        return _open_artifact(contents, view, target, rows) if isinstance(target, Artifact) else _chart(view, target)
    return ShowValue(row.key, row.value) if target is None else GoToRun(row.value)


def _open_artifact(contents: TabContents, view: RunView, artifact: Artifact, rows: Sequence[DetailRow]) -> Message:
    files = tuple(path for row in rows if (path := contents.file(row)) is not None)
    return OpenArtifact(view.run.info, artifact.path, files)


def _chart(view: RunView, target: MetricTarget) -> Message:
    from qtui.tui.present.charts.chart_selection import sort_metrics
    from qtui.tui.present.charts.chart_spec import ChartSpec

    run = view.run
    return OpenChart(ChartSpec((target.metric,), (run.info,), available_metrics=sort_metrics(run.metrics)))
