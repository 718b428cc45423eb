"""What a tab of the details shows, without a screen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qtui.entities import Artifact
from qtui.runs.arrange import arrange
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import TableGroup
from qtui.tui.present.details.detail_rows import DetailRow
from qtui.tui.present.details.details_tabs import (
    DETAILS_TABS,
    ArtifactsTab,
    ChartsTab,
    DetailsTab,
    MetricsTab,
    OverviewTab,
    ParamsTab,
    ReportTab,
    TabTarget,
)
from qtui.tui.present.details.group_rows import GroupDetails
from qtui.tui.present.details.run_view import RunView
from qtui.tui.present.details.tab_contents import TabContents, next_sort_column, shown_tabs
from tests.unit.runs.build import param, run

LEVELS = {
    "": (Artifact("model", is_dir=True), Artifact("a.csv", is_dir=False)),
    "model": (Artifact("model/sub", is_dir=True),),
    "model/sub": (Artifact("model/sub/x.pkl", is_dir=False),),
}
VIEW = RunView(run("a", params={"lr": "1"}, metrics={"ic": 0.1}), levels=LEVELS)
WITH_REPORT = RunView(run("a", metrics={"IC": 0.1, "ICIR": 0.2}))
STALE_AFTER = timedelta(minutes=1)


def group_details() -> GroupDetails:
    view = arrange(RunsFrame.from_runs([VIEW.run]), TableLayout(group_by=(param("lr"),)))
    [group] = view.lines.heads
    assert isinstance(group, TableGroup)
    return GroupDetails(view, group)


def keys_of(contents: TabContents, *, stacked: bool = False) -> list[str]:
    return [row.key for row in contents.rows(0, STALE_AFTER, stacked=stacked)]


def notice(contents: TabContents, *, has_contents: bool = False) -> str:
    return contents.notice(lambda text: text.replace("{back}", "esc"), has_contents=has_contents)


def test_a_tab_shows_a_run_or_else_a_group_or_nothing() -> None:
    assert keys_of(TabContents(ParamsTab(), VIEW, group_details())) == ["lr"]
    assert TabContents(MetricsTab(), None, group_details()).columns == MetricsTab.group_columns
    assert TabContents(MetricsTab(), VIEW, group_details()).columns == MetricsTab.columns
    assert keys_of(TabContents(ParamsTab(), None, group_details())) and keys_of(TabContents(ParamsTab())) == []


def test_the_overview_of_a_tall_pane_goes_on_with_metrics_and_params() -> None:
    overview = TabContents(OverviewTab(), VIEW)
    added = keys_of(overview, stacked=True)[len(keys_of(overview)) :]
    assert added == ["metrics 1", "ic", "params 1", "lr"]


@pytest.mark.parametrize(
    ("tab", "view", "has_contents", "text"),
    [
        (ParamsTab(), None, False, "Move to a run to see it here."),
        (ParamsTab(), VIEW, True, "Nothing matches. Press esc to clear the search."),
        (ParamsTab(), RunView(run("a"), failure="{back} is locked"), False, "{back} is locked"),
        (ParamsTab(), RunView(run("a")), False, "This run has no params."),
        (ArtifactsTab(), RunView(run("a")), False, "Reading the artifacts …"),
        (ReportTab(), WITH_REPORT, False, "Reading the report …"),
        (ReportTab(), RunView(run("a")), False, ReportTab.empty),
    ],
)
def test_a_tab_without_rows_says_why(tab: DetailsTab, view: RunView | None, has_contents: bool, text: str) -> None:
    assert notice(TabContents(tab, view), has_contents=has_contents) == text


def test_a_tab_that_cannot_show_a_group_says_so() -> None:
    assert notice(TabContents(ChartsTab(), None, group_details())) == ChartsTab.group_notice


def test_only_headings_with_a_target_can_be_opened() -> None:
    contents = TabContents(OverviewTab(), VIEW)
    heading = DetailRow("metrics", role="heading", target=TabTarget("metrics"))
    assert contents.can_open(heading) and contents.can_open(DetailRow("a"))
    assert not contents.can_open(DetailRow("a", role="heading"))


def test_files_are_known_from_folders() -> None:
    contents = TabContents(ArtifactsTab(), VIEW)
    rows = contents.rows(0, STALE_AFTER)
    assert [contents.file(row) for row in rows] == [None, None, "model/sub/x.pkl", "a.csv"]
    assert contents.artifact(rows[0]) == LEVELS[""][0] and contents.artifact(None) is None


def test_a_closed_folder_takes_the_folders_in_it_along() -> None:
    assert VIEW.without_folder("model").levels == {"": LEVELS[""]}


def test_the_report_is_offered_for_runs_that_have_one_and_while_it_is_in_front() -> None:
    names = [tab.name for tab in DETAILS_TABS]
    report = names.index("report")
    assert report not in shown_tabs(DETAILS_TABS, 0, VIEW) and report not in shown_tabs(DETAILS_TABS, 0, None)
    assert report in shown_tabs(DETAILS_TABS, report, VIEW) and report in shown_tabs(DETAILS_TABS, 0, WITH_REPORT)


def test_sorting_goes_through_the_visible_columns_and_back_to_none() -> None:
    widths = (5, 0, 7)
    assert [next_sort_column(column, widths) for column in (None, 0, 2, 1)] == [0, 2, None, None]
