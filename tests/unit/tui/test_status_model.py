"""The content of the browser's status line."""

from __future__ import annotations

from qtui.entities import Problem
from qtui.tui.load.background import LoadGroup
from qtui.tui.screens.browser.status_model import StatusModel
from qtui.tui.widgets.status_line import Loading, StoreStatus

BAD_LINE, NO_FOLDER = Problem("metrics/ic", "line 3 is no point"), Problem("7", "the folder is gone")


def test_the_load_that_reported_last_is_shown_until_its_end() -> None:
    statuses: list[StoreStatus] = []
    model = StatusModel(statuses.append)
    runs, summaries = Loading("runs", 1, 9), Loading("summaries", 2, 9)
    model.set_progress(LoadGroup.RUNS, runs)
    model.set_progress(LoadGroup.SUMMARIES, summaries)
    model.set_progress(LoadGroup.SUMMARIES, None)
    model.set_progress(LoadGroup.RUNS, None)
    assert [status.loading for status in statuses] == [runs, summaries, runs, None]


def test_a_problem_counts_once_until_its_load_begins_again() -> None:
    model = StatusModel(lambda status: None)
    model.add_problems(LoadGroup.RUNS, [BAD_LINE, NO_FOLDER])
    model.add_problems(LoadGroup.EXPERIMENTS, [NO_FOLDER])
    assert model.problems == (BAD_LINE, NO_FOLDER)
    model.clear_problems(LoadGroup.RUNS)
    assert model.problems == (NO_FOLDER,)


def test_a_failure_stays_until_the_store_is_read_again() -> None:
    model = StatusModel(lambda status: None)
    model.set_failure("The server does not answer.")
    assert (model.status.notice, model.status.is_reachable) == ("The server does not answer.", False)
    model.add_problems(LoadGroup.RUNS, [BAD_LINE])
    model.set_read(7, "f5")
    assert (model.status.read_at, model.status.is_reachable) == (7, True)
    assert model.status.notice == "1 problem: f5 lists it"
