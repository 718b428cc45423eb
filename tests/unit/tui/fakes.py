"""Fakes for the loaders' tests: timers that the test fires, a runner of loads, and panes that keep what they show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from unittest.mock import MagicMock

from textual.message import Message

from qtui.entities import Run, RunInfo
from qtui.query.projection import ALL_VALUES, Projection
from qtui.runs.history_needs import HistoryNeeds
from qtui.runs.runs_frame import RunsFrame
from qtui.tui.load.background import LoadGroup, MessageStream
from qtui.tui.present.experiment_tree import ExperimentList, ExperimentNode, ExperimentTree
from qtui.tui.present.runs.run_scope import Scope


@dataclass
class FakeTimer:
    """A timer that fires when the test says so."""

    delay: float
    fire: Callable[[], None]
    stopped: bool = False

    def stop(self) -> None:
        self.stopped = True


@dataclass
class FakeClock:
    """Starts fake timers and keeps them."""

    timers: list[FakeTimer] = field(default_factory=list)

    def start_timer(self, delay: float, callback: Callable[[], None]) -> FakeTimer:
        self.timers.append(FakeTimer(delay, callback))
        return self.timers[-1]

    def fire_all(self) -> None:
        for timer in self.timers:
            timer.fire()


@dataclass
class FakeLoader:
    """Keeps the newest load of each group until the test runs it."""

    loads: dict[str, MessageStream] = field(default_factory=dict)
    started: list[LoadGroup] = field(default_factory=list)

    def load(
        self,
        group: LoadGroup,
        messages: MessageStream,
        *,
        part: str = "",
        post: Callable[[Message], object] | None = None,
    ) -> None:
        self.loads[group] = messages
        self.started.append(group)

    def is_loading(self, group: LoadGroup) -> bool:
        return group in self.loads

    def post_message(self, message: Message) -> bool:
        return True

    def run(self, group: LoadGroup) -> list[Message]:
        return list(self.loads.pop(group))


class FakeRunsPane:
    """The part of the runs pane that the loaders use."""

    def __init__(self) -> None:
        self.model = SimpleNamespace(scope=Scope(), frame=RunsFrame())
        self.needs = HistoryNeeds()
        self.histories_loaded = False
        self.visible_run_ids: tuple[str, ...] = ()
        self.notice = ("", "")
        self.curves: list[object] = []
        self.writes: Mapping[str, int | None] = {}
        self.table = MagicMock()

    def set_scope(self, scope: Scope) -> None:
        self.model = SimpleNamespace(scope=scope, frame=RunsFrame())

    def set_experiment_names(self, names: Mapping[str, str]) -> None:
        self.model.scope = replace(self.model.scope, experiments=names)

    def add_infos(self, infos: Iterable[RunInfo], *, complete: bool = False) -> None:
        self.model.frame = self.model.frame.with_infos(infos)

    def add_values(self, runs: Sequence[Run], projection: Projection = ALL_VALUES) -> None:
        self.model.frame = self.model.frame.with_runs(runs, projection)

    def remove_runs(self, run_ids: Iterable[str]) -> None:
        self.model.frame = self.model.frame.without(run_ids)

    def set_last_writes(self, writes: Mapping[str, int | None]) -> None:
        self.writes = writes

    def add_curves(self, curves: object) -> None:
        self.curves.append(curves)

    def show_notice(self, heading: str, text: str) -> None:
        self.notice = (heading, text)


class FakeExperimentsPane:
    """The part of the experiments pane that the loaders use."""

    def __init__(self) -> None:
        self.listing = ExperimentList()
        self.search = ""
        self.went_to: list[str] = []

    @property
    def lines(self) -> FakeExperimentsPane:
        return self

    @property
    def rows(self) -> tuple[ExperimentNode, ...]:
        return ExperimentTree(self.listing.counts).nodes(self.listing.experiments)

    def go_to(self, key: str) -> None:
        self.went_to.append(key)
