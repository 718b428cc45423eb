"""The loaders of the browser, over a store in memory and without a terminal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from qtui.entities import Experiment, Point, Run, RunInfo, View
from qtui.recorder import Library
from qtui.runs.history_needs import HistoryNeeds
from qtui.store.memory import MemoryStore
from qtui.tui.load.background import LoadFailed, LoadGroup
from qtui.tui.load.run_details import RunLoaded
from qtui.tui.load.run_list import ChangesLoaded, ExperimentsLoaded, InfosLoaded, ValuesLoaded
from qtui.tui.load.table_histories import SparklinesLoaded, SummariesLoaded
from qtui.tui.polling import Debouncer
from qtui.tui.screens.browser.details_loader import DetailsLoader
from qtui.tui.screens.browser.runs_loader import RunsLoader
from qtui.tui.screens.browser.status_model import StatusModel
from qtui.tui.screens.browser.summaries_loader import SummariesLoader
from tests.unit.tui.fakes import FakeClock, FakeExperimentsPane, FakeLoader, FakeRunsPane

EXPERIMENTS = (Experiment("1", "vision"), Experiment("2", "speech"))


def run_of(number: int, experiment: str = "1") -> Run:
    info = RunInfo(f"{number:032x}", experiment, f"run-{number}", start_time=number)
    return Run(info, metrics={"ic": Point(1, 0, number)})


@dataclass
class World:
    """The loaders with fake panes, and a store of three runs."""

    store: MemoryStore = field(default_factory=lambda: MemoryStore(EXPERIMENTS, (run_of(1), run_of(2), run_of(3, "2"))))
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
        self.summaries = SummariesLoader(library, self.loader, debouncer, self.status, self.runs_loader, runs)
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
    assert world.runs_loader.is_complete and len(world.runs.frame) == 3
    assert world.status.status.counts == "2 experiments, 3 runs"
    assert world.status.status.loading is None


def test_runs_of_an_experiment_are_loaded_once_the_cursor_rests(world: World) -> None:
    world.finish(LoadGroup.RUNS)
    for node in world.experiments.rows[1:]:
        world.runs_loader.follow_cursor(node)
    assert LoadGroup.RUNS not in world.loader.loads
    world.clock.fire_all()
    assert world.runs.scope.title == "speech"
    world.finish(LoadGroup.RUNS)
    assert [info.name for info in world.runs.frame.infos] == ["run-3"]


def test_answers_to_an_older_request_are_dropped(world: World) -> None:
    older = world.loader.run(LoadGroup.RUNS)
    world.runs_loader.switch_view(View.DELETED)
    for message in older:
        if isinstance(message, InfosLoaded):
            world.runs_loader.show_infos(message)
        if isinstance(message, ValuesLoaded):
            assert not world.runs_loader.show_values(message)
    assert not len(world.runs.frame) and not world.runs_loader.is_complete


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
    assert world.runs.is_settled
    world.summaries.load_changes({run_of(2).info.run_id})
    again = [message for message in world.loader.run(LoadGroup.SUMMARIES) if isinstance(message, SummariesLoaded)]
    assert [run.info.name for message in again for run in message.runs] == ["run-2"]
    stale = first[-1]
    assert isinstance(stale, SummariesLoaded)
    world.runs.is_settled = False
    world.summaries.show_summaries(stale)
    assert not world.runs.is_settled


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
