"""The loaders of the browser, over a store in memory and without a terminal."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest

from qtui.entities import PARENT_RUN_TAG, ExperimentInfo, Point, Problem, Run, RunInfo, ViewType
from qtui.query.ast import Field, FieldKind
from qtui.recorder import Library
from qtui.recorder.reading.run_watcher import RunChanges
from qtui.runs.arrange import arrange
from qtui.runs.history_needs import HistoryNeeds
from qtui.runs.table_layout import TableLayout
from qtui.runs.table_view import TableGroup
from qtui.store.memory import MemoryStore
from qtui.tui.load.background import LoadFailed, LoadGroup
from qtui.tui.load.run_details import ArtifactsLoaded, RunLoaded
from qtui.tui.load.run_list import (
    ChangesLoaded,
    ExperimentsLoaded,
    InfosLoaded,
    LastWritesLoaded,
    RunsRequest,
    ValuesLoaded,
)
from qtui.tui.load.table_histories import SparklinesLoaded, SummariesLoaded
from qtui.tui.polling import Debouncer
from qtui.tui.present.experiment_tree import ALL, ExperimentList
from qtui.tui.screens.browser.details_loader import DetailsLoader
from qtui.tui.screens.browser.histories_loader import HistoriesLoader
from qtui.tui.screens.browser.runs_loader import RunsLoader
from qtui.tui.screens.browser.status_model import StatusModel
from tests.unit.tui.fakes import FakeClock, FakeExperimentsPane, FakeLoader, FakeRunsPane

EXPERIMENTS = (ExperimentInfo("1", "vision"), ExperimentInfo("2", "speech"))


def run_of(number: int, experiment: str = "1") -> Run:
    info = RunInfo(f"{number:032x}", experiment, f"run-{number}", start_time=number)
    return Run(info, metrics={"ic": Point(1, 0, number)})


@dataclass
class World:
    """The loaders with fake panes, and a store of three runs."""

    store: MemoryStore = field(
        default_factory=lambda: MemoryStore(
            EXPERIMENTS,
            (run_of(1), run_of(2), run_of(3, "2")),
            artifacts={run_of(1).info.run_id: {"model/a.pkl": 7}},
        )
    )
    clock: FakeClock = field(default_factory=FakeClock)
    loader: FakeLoader = field(default_factory=FakeLoader)
    runs: FakeRunsPane = field(default_factory=FakeRunsPane)
    experiments: FakeExperimentsPane = field(default_factory=FakeExperimentsPane)
    details: Any = None

    def __post_init__(self) -> None:
        library = Library.over(self.store)
        runs = cast(Any, self.runs)
        debouncer, self.status = Debouncer(self.clock.start_timer), StatusModel(lambda status: None)
        self.runs_loader = RunsLoader(library, self.loader, debouncer, self.status, cast(Any, self.experiments), runs)
        self.summaries = HistoriesLoader(library, self.loader, debouncer, self.status, self.runs_loader, runs)
        self.details = cast(Any, type("Details", (), {"view": None, "group": None})())
        self.details_loader = DetailsLoader(library, library.follow(), self.loader, debouncer, runs, self.details)

    def finish(self, group: LoadGroup) -> bool:
        """Run a load and show its messages; return whether all runs are complete."""
        complete = False
        for message in self.loader.run(group):
            match message:
                case ExperimentsLoaded():
                    self.runs_loader.show_experiments(message)
                case InfosLoaded():
                    self.runs_loader.show_infos(message)
                case ValuesLoaded():
                    complete = self.runs_loader.show_values(message) or complete
                case LastWritesLoaded():
                    self.runs_loader.show_last_writes(message)
                case ArtifactsLoaded():
                    self.details_loader.show_artifacts(message)
                case ChangesLoaded():
                    self.runs_loader.show_changes(message)
                case SummariesLoaded():
                    self.summaries.show_summaries(message)
                case SparklinesLoaded():
                    self.summaries.show_sparklines(message)
                case RunLoaded():
                    self.details_loader.show_run(message)
        return complete


@pytest.fixture
def world() -> World:
    world = World()
    world.runs_loader.first_rows_painted.set()
    world.runs_loader.start()
    world.finish(LoadGroup.EXPERIMENTS)
    return world


def test_it_starts_with_all_experiments_and_their_runs(world: World) -> None:
    assert world.finish(LoadGroup.RUNS)
    assert world.runs_loader.is_complete and len(world.runs.model.frame) == 3
    assert world.status.status.counts == "2 experiments, 3 runs"
    assert world.status.status.loading is None


def test_runs_of_an_experiment_are_loaded_once_the_cursor_rests(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    for node in world.experiments.rows[1:]:
        world.runs_loader.follow_cursor(node)
    assert LoadGroup.RUNS not in world.loader.loads
    world.clock.fire_all()
    assert world.runs.model.scope.title == "speech"
    world.finish(LoadGroup.RUNS)
    assert [info.name for info in world.runs.model.frame.infos] == ["run-3"]


def test_the_run_under_the_cursor_keeps_its_scope_while_the_experiment_is_the_same(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    world.runs_loader.follow_cursor(world.experiments.rows[0])
    assert not world.clock.timers


def test_a_reload_loads_the_experiments_and_the_same_runs_as_a_new_request(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    request, scope = world.runs_loader.request, world.runs.model.scope
    world.runs_loader.reload()
    assert world.runs_loader.request.request_id == request.request_id + 1
    assert (world.runs.model.scope.title, world.runs.model.scope.key) == (scope.title, scope.key)
    assert LoadGroup.EXPERIMENTS in world.loader.loads and not world.runs_loader.is_complete
    world.runs.table.viewport.await_line.assert_called_once_with()


def test_progress_is_shown_until_the_values_of_all_runs_are_loaded(world: World) -> None:
    request = world.runs_loader.request
    world.runs_loader.show_infos(InfosLoaded(request, (run_of(1).info,)))
    loading = world.status.status.loading
    assert loading is not None and (loading.label, loading.done) == ("runs", 1)
    assert not world.runs_loader.show_values(ValuesLoaded(request, (run_of(1),), (), 1, 2))
    loading = world.status.status.loading
    assert loading is not None and (loading.label, loading.done, loading.total) == ("values", 1, 2)
    assert world.runs_loader.show_values(ValuesLoaded(request, (), (), 2, 2))
    assert world.status.status.loading is None


def test_counts_of_runs_stay_until_they_are_counted_again(world: World) -> None:
    experiments = world.experiments.listing.experiments
    for view, total in ((ViewType.ACTIVE, "2 experiments, 3 runs"), (ViewType.ALL, "2 experiments")):
        world.runs_loader.show_experiments(ExperimentsLoaded(ExperimentList(experiments), (), view))
        assert world.status.status.counts == total


def test_problems_of_all_loads_are_kept_until_their_load_begins_again(world: World) -> None:
    request = world.runs_loader.request
    first, second = Problem("a", "damaged"), Problem("b", "damaged")
    world.runs_loader.show_infos(InfosLoaded(request, (), (first,)))
    world.runs_loader.show_values(ValuesLoaded(request, (), (second,), 0, 1))
    assert list(world.status.problems) == [first, second]
    world.runs_loader.show_experiments(
        ExperimentsLoaded(world.experiments.listing, (Problem("c", "gone"),), ViewType.ACTIVE)
    )
    world.runs_loader.reload()
    assert list(world.status.problems) == [Problem("c", "gone")]


def test_each_view_of_a_scope_keeps_its_own_cursor(world: World) -> None:
    world.runs.table.viewport.position = "third line"
    world.runs_loader.switch_view(ViewType.DELETED)
    assert world.runs.model.scope.view is ViewType.DELETED and world.runs_loader.request.view is ViewType.DELETED
    assert world.runs.model.scope.key == ALL
    world.runs.table.restore_cursor.assert_called_with(None)
    world.runs_loader.switch_view(ViewType.ACTIVE)
    world.runs.table.restore_cursor.assert_called_with("third line")
    assert LoadGroup.EXPERIMENTS in world.loader.loads


def test_last_writes_of_an_older_request_are_dropped(world: World) -> None:
    world.runs_loader.show_last_writes(LastWritesLoaded(RunsRequest(request_id=-1), {"a": 1}))
    assert not world.runs.writes
    world.runs_loader.show_last_writes(LastWritesLoaded(world.runs_loader.request, {"a": 1}))
    assert world.runs.writes == {"a": 1}


def add_experiment(world: World, name: str) -> None:
    """Reload the experiments after one was added."""
    experiments = (*EXPERIMENTS, ExperimentInfo("9", name))
    world.experiments.listing = type(world.experiments.listing)(experiments)
    world.runs_loader.show_experiments(ExperimentsLoaded(world.experiments.listing, (), ViewType.ACTIVE))


def enter_folder(world: World) -> None:
    """Load the runs of a folder of two experiments."""
    world.experiments.listing = type(world.experiments.listing)(
        (ExperimentInfo("1", "team/vision"), ExperimentInfo("2", "team/speech"))
    )
    folder = next(node for node in world.experiments.rows if node.key == "team/")
    world.runs_loader.follow_cursor(folder)
    world.clock.fire_all()
    world.loader.loads.clear()


def test_an_experiment_that_joins_the_folder_under_the_cursor_is_loaded_too(world: World) -> None:
    enter_folder(world)
    experiments = (
        ExperimentInfo("1", "team/vision"),
        ExperimentInfo("2", "team/speech"),
        ExperimentInfo("3", "team/new"),
    )
    listing = type(world.experiments.listing)(experiments)
    world.runs_loader.show_experiments(ExperimentsLoaded(listing, (), ViewType.ACTIVE))
    assert set(world.runs_loader.request.experiment_ids or ()) == {"1", "2", "3"}
    assert LoadGroup.RUNS in world.loader.loads
    assert world.runs.model.scope.experiments["3"] == "team/new"


def test_unchanged_experiments_of_a_folder_are_not_loaded_again(world: World) -> None:
    enter_folder(world)
    world.runs_loader.show_experiments(ExperimentsLoaded(world.experiments.listing, (), ViewType.ACTIVE))
    assert not world.loader.loads and not world.experiments.went_to


def test_a_scope_that_is_gone_is_left_for_all_experiments_unless_the_user_searches(world: World) -> None:
    enter_folder(world)
    world.experiments.search = "vis"
    add_experiment(world, "other")
    assert not world.experiments.went_to
    world.experiments.search = ""
    add_experiment(world, "other")
    assert world.experiments.went_to == [ALL]


def test_a_change_of_the_store_adds_new_runs_and_removes_deleted_ones(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    world.loader.loads.clear()
    gone = run_of(1).info.run_id
    changes = RunChanges((run_of(4).info,), gone=frozenset({gone}))
    world.runs_loader.show_changes(ChangesLoaded(world.runs_loader.request, changes, (run_of(4),)))
    assert sorted(info.name for info in world.runs.model.frame.infos) == ["run-2", "run-3", "run-4"]
    assert LoadGroup.EXPERIMENTS in world.loader.loads


def test_without_a_change_the_experiments_are_not_loaded_again(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    world.loader.loads.clear()
    world.runs_loader.load_changes()
    world.finish(LoadGroup.CHANGES)
    assert len(world.runs.model.frame) == 3 and LoadGroup.EXPERIMENTS not in world.loader.loads


def test_changes_are_polled_only_after_the_runs_are_listed(world: World) -> None:
    world.runs_loader.load_changes()
    assert LoadGroup.CHANGES not in world.loader.loads


def test_a_failure_after_the_first_runs_leaves_them_on_the_screen(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    world.runs_loader.show_failure(LoadFailed(LoadGroup.RUNS, "The server does not answer."))
    assert world.runs.notice == ("", "") and len(world.runs.model.frame) == 3
    assert world.status.status.notice == "The server does not answer."


def test_an_unreadable_store_is_not_called_missing(world: World) -> None:
    world.runs_loader.show_failure(LoadFailed(LoadGroup.RUNS, "The server does not answer."))
    assert world.runs.notice == ("The store cannot be read.", "The server does not answer.")


def test_answers_to_an_older_request_are_dropped(world: World) -> None:
    older = world.loader.run(LoadGroup.RUNS)
    world.runs_loader.switch_view(ViewType.DELETED)
    for message in older:
        if isinstance(message, InfosLoaded):
            world.runs_loader.show_infos(message)
        if isinstance(message, ValuesLoaded):
            assert not world.runs_loader.show_values(message)
    assert not len(world.runs.model.frame) and not world.runs_loader.is_complete


def test_a_failure_before_the_first_run_says_what_to_do(world: World) -> None:
    world.runs_loader.show_failure(LoadFailed(LoadGroup.RUNS, "No folder mlruns.", store_missing=True))
    assert world.runs.notice[0] == "There is no store here yet." and "qtui demo" in world.runs.notice[1]
    assert not world.status.status.is_reachable


def test_without_a_first_load_a_poll_must_reload_everything(world: World) -> None:
    assert not world.runs_loader.needs_reload  # the load is running
    world.loader.loads.clear()
    assert world.runs_loader.needs_reload
    world.runs_loader.reload()
    world.finish(LoadGroup.RUNS)
    assert not world.runs_loader.needs_reload


def test_histories_are_loaded_only_for_complete_runs_and_again_for_changed_ones(world: World) -> None:
    world.runs.needs = HistoryNeeds(frozenset({"ic"}), frozenset())
    world.summaries.load()
    assert LoadGroup.SUMMARIES not in world.loader.loads
    world.finish(LoadGroup.RUNS)
    world.summaries.restart()
    first = world.loader.run(LoadGroup.SUMMARIES)
    for message in first:
        assert isinstance(message, SummariesLoaded)
        world.summaries.show_summaries(message)
    assert world.runs.histories_loaded
    world.summaries.load_changes({run_of(2).info.run_id})
    again = [message for message in world.loader.run(LoadGroup.SUMMARIES) if isinstance(message, SummariesLoaded)]
    assert [run.info.name for message in again for run in message.runs] == ["run-2"]
    stale = first[-1]
    assert isinstance(stale, SummariesLoaded)
    world.runs.histories_loaded = False
    world.summaries.show_summaries(stale)
    assert not world.runs.histories_loaded


def test_the_details_show_the_run_under_the_cursor_and_drop_answers_about_another(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    first, second = run_of(1).info.run_id, run_of(2).info.run_id
    world.details_loader.follow_cursor(first, None)
    world.clock.fire_all()
    late = world.loader.run(LoadGroup.DETAILS)
    world.details_loader.follow_cursor(second, None)
    for message in late:
        assert isinstance(message, RunLoaded)
        world.details_loader.show_run(message)
    assert world.details.view is None
    world.clock.fire_all()
    world.finish(LoadGroup.DETAILS)
    assert world.details.view.run.info.run_id == second
    assert world.details.view.summaries["ic"].last == 2


def test_a_change_reloads_the_details_of_its_run_only(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    world.details_loader.follow_cursor(run_of(1).info.run_id, None)
    world.details_loader.load_changes({run_of(2).info.run_id})
    assert LoadGroup.DETAILS not in world.loader.loads
    world.details_loader.load_changes({run_of(1).info.run_id})
    assert LoadGroup.DETAILS in world.loader.loads


def test_sparklines_are_loaded_for_the_visible_runs_once_the_table_rests(world: World) -> None:
    first, second = run_of(1).info.run_id, run_of(2).info.run_id
    world.finish(LoadGroup.RUNS)
    world.summaries.follow_visible_rows()
    assert not world.clock.timers  # no column needs them
    world.runs.needs, world.runs.visible_run_ids = HistoryNeeds(frozenset(), frozenset({"ic"})), (first,)
    world.summaries.follow_visible_rows()
    assert LoadGroup.SPARKLINES not in world.loader.loads
    world.clock.fire_all()
    world.finish(LoadGroup.SPARKLINES)
    assert world.runs.curves == [{"ic": {first: [1.0]}}]
    world.runs.visible_run_ids = (first, second)
    world.summaries.follow_visible_rows()
    world.clock.timers[-1].fire()
    world.finish(LoadGroup.SPARKLINES)
    assert [list(curves["ic"]) for curves in world.runs.curves] == [[first], [second]]


def test_sparklines_of_an_older_request_are_dropped(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    world.runs.needs, world.runs.visible_run_ids = (
        HistoryNeeds(frozenset(), frozenset({"ic"})),
        (run_of(1).info.run_id,),
    )
    world.summaries.load()
    late = world.loader.run(LoadGroup.SPARKLINES)
    world.summaries.load()
    for message in late:
        assert isinstance(message, SparklinesLoaded)
        world.summaries.show_sparklines(message)
    assert not world.runs.curves


def test_histories_of_no_run_are_not_loaded_again(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    world.summaries.load_changes(set())
    assert LoadGroup.SUMMARIES not in world.loader.loads


def load_details(world: World, number: int) -> str:
    """Load a run into the details, and return its ID."""
    run_id = run_of(number).info.run_id
    world.details_loader.follow_cursor(run_id, None)
    world.clock.fire_all()
    world.finish(LoadGroup.DETAILS)
    return run_id


def test_a_group_is_shown_without_a_load_and_replaces_the_run(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    load_details(world, 1)
    view = arrange(world.runs.model.frame, TableLayout(group_by=(Field(FieldKind.ATTRIBUTE, "experiment_id"),)))
    group = next(head for head in view.lines.heads if isinstance(head, TableGroup))
    world.runs.table.view = view
    world.details_loader.follow_cursor(None, group)
    world.clock.timers[-1].fire()
    assert LoadGroup.DETAILS not in world.loader.loads
    assert world.details.view is None and world.details.group.group is group
    load_details(world, 1)
    assert world.details.group is None and world.details.view is not None


def test_an_empty_table_clears_the_details(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    load_details(world, 1)
    world.details_loader.follow_cursor(None, None)
    world.clock.timers[-1].fire()
    assert world.details.view is None and world.details.group is None


def test_the_details_of_a_run_name_its_children_in_the_table(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    child = replace(run_of(7), tags={PARENT_RUN_TAG: run_of(1).info.run_id})
    world.runs.add_values([child])
    load_details(world, 1)
    assert world.details.view.context.children == (child.info,)


def test_a_folder_of_artifacts_is_added_to_those_that_are_open(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    load_details(world, 1)
    for path in ("", "model", "gone"):
        world.details_loader.load_artifacts(path)
        world.finish(LoadGroup.ARTIFACT_LISTING)
    assert [artifact.path for artifact in world.details.view.levels["model"]] == ["model/a.pkl"]
    assert [artifact.path for artifact in world.details.view.levels[""]] == ["model"]
    assert "gone" in world.details.view.failure


def test_artifacts_of_another_run_are_dropped(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    load_details(world, 1)
    world.details_loader.load_artifacts("")
    late = world.loader.run(LoadGroup.ARTIFACT_LISTING)
    load_details(world, 2)
    for message in late:
        assert isinstance(message, ArtifactsLoaded)
        world.details_loader.show_artifacts(message)
    assert world.details.view.levels is None


def test_a_reloaded_run_keeps_its_artifacts_and_summaries_until_new_ones_are_loaded(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    run_id = load_details(world, 1)
    world.details_loader.load_artifacts("")
    world.finish(LoadGroup.ARTIFACT_LISTING)
    world.details_loader.load_changes({run_id})
    first, *_ = world.loader.run(LoadGroup.DETAILS)
    assert isinstance(first, RunLoaded) and not first.view.summaries
    world.details_loader.show_run(first)
    assert world.details.view.summaries["ic"].last == 1 and world.details.view.levels is not None


def test_without_a_run_under_the_cursor_no_artifacts_are_loaded(world: World) -> None:
    world.details_loader.load_artifacts("")
    assert LoadGroup.ARTIFACT_LISTING not in world.loader.loads and world.details_loader.info is None
