"""Open what a row of the details names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qtui.entities import Artifact
from qtui.tui.messages import OpenArtifact, OpenChart, ShowValue
from qtui.tui.present.detail_rows import DetailRow
from qtui.tui.present.details_tabs import MetricTarget, TabTarget
from qtui.tui.present.tab_contents import TabContents

if TYPE_CHECKING:
    from qtui.tui.widgets.details.pane import DetailsPane


def open_row(pane: DetailsPane, contents: TabContents, row: DetailRow, rows: Sequence[DetailRow]) -> None:
    """Open the target of a row: a chart, an artifact, a folder, a tab, a run, or else the value itself.

    `rows` has all rows of the tab: an open artifact can be left for that of another row.
    """
    target = contents.tab.target(row)
    if isinstance(target, Artifact):
        _open_artifact(pane, contents, target, rows)
    elif isinstance(target, TabTarget):
        pane.go_to_tab(target.tab)
    elif isinstance(target, MetricTarget):
        _open_chart(pane, contents, target.metric)
    elif target is not None:
        pane.post_message(pane.OpenRun(row.value))
    else:
        pane.post_message(ShowValue(row.key, row.value))


def _open_chart(pane: DetailsPane, contents: TabContents, metric: str) -> None:
    from qtui.tui.present.chart_selection import sort_metrics
    from qtui.tui.present.chart_spec import ChartSpec

    if contents.view is not None:
        run = contents.view.run
        pane.post_message(OpenChart(ChartSpec((metric,), (run.info,), available_metrics=sort_metrics(run.metrics))))


def _open_artifact(pane: DetailsPane, contents: TabContents, artifact: Artifact, rows: Sequence[DetailRow]) -> None:
    view = contents.view
    if view is None or view.levels is None:
        return
    if not artifact.is_dir:
        files = tuple(path for row in rows if (path := contents.file(row)) is not None)
        pane.post_message(OpenArtifact(view.run.info, artifact.path, files))
    elif artifact.path in view.levels:
        pane.view = view.without_folder(artifact.path)
    else:
        pane.post_message(pane.LoadArtifacts(artifact.path))
