"""Runs as they are held for a table: they come from the screen in batches, and are shown soon after."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from textual.timer import Timer

from qtui.entities import Run, RunInfo, Status
from qtui.query.projection import ALL_VALUES, Projection
from qtui.recorder.reading.health import is_stale
from qtui.runs.runs_frame import RunsFrame
from qtui.runs.table_view import CurveValues
from qtui.tui.present.run_scope import Scope
from qtui.tui.widgets.pane import Pane

BREATHER = 0.1
"""Seconds between two arrangements while runs keep coming."""


class HeldRuns(Pane):
    """Takes the runs that the screen gives; how they are laid out is left to who shows them."""

    def __init__(self, clock: Callable[[], int], silence: timedelta) -> None:
        """`silence` is how long a running run may write nothing before it counts as stale."""
        super().__init__()
        self._clock = clock
        self._silence = silence
        self._timer: Timer | None = None
        self._fresh = False
        self.scope = Scope()
        self.frame = RunsFrame()
        self.complete = False
        self.is_settled = False
        self.curves: CurveValues = {}
        self._writes: Mapping[str, int | None] = {}

    def begin(self, scope: Scope) -> None:
        """Show the runs of something else from now on; the old ones stay until the first of the new ones come."""
        if scope.key != self.scope.key:
            self.curves, self._writes = {}, {}
        self.scope, self.complete, self._fresh = scope, False, True
        self.is_settled = False

    def name_experiments(self, names: Mapping[str, str]) -> None:
        """Know the names of the experiments from now on."""
        self.scope = replace(self.scope, experiments=names)
        self._soon()

    def grow(self, infos: Iterable[RunInfo], *, complete: bool = False) -> None:
        """Show some more runs, still without their values."""
        is_first, self._fresh, self.complete = self._fresh, False, complete
        base = RunsFrame() if is_first else self.frame
        self.frame = base.with_infos(infos)
        if is_first:
            self._rearrange_now()  # a timer would let Textual paint a screen without runs first
        else:
            self._soon()

    def fill(self, runs: Sequence[Run], projection: Projection = ALL_VALUES) -> None:
        """Show the values of some runs, which were read as `projection`."""
        self.frame = self.frame.with_runs(runs, projection)
        self._soon()

    def drop(self, run_ids: Iterable[str]) -> None:
        """Show these runs no more."""
        self.frame = self.frame.without(run_ids)
        self._soon()

    def draw_curves(self, curves: CurveValues) -> None:
        """Show the curves of metrics for some runs."""
        self.curves = {**self.curves, **{key: {**self.curves.get(key, {}), **each} for key, each in curves.items()}}
        self.redraw()

    def note_writes(self, writes: Mapping[str, int | None]) -> None:
        """Know when (ms) the running runs have last written, and let ages and durations go on."""
        self._writes = writes
        self.redraw()

    @property
    def stale(self) -> frozenset[str]:
        """The running runs that have been silent for too long."""
        now, frame = self._clock(), self.frame
        return frozenset(
            run_id
            for run_id, write in self._writes.items()
            if (row := frame.row(run_id)) is not None and is_stale(frame.infos[row], write, now, self._silence)
        )

    @property
    def anything_runs(self) -> bool:
        """Whether a run that is known is still running."""
        return any(info.status == Status.RUNNING for info in self.frame.infos)

    @property
    def is_waiting(self) -> bool:
        """Whether something has come that is not shown yet."""
        return self._timer is not None

    def _soon(self) -> None:
        """Arrange what has come, but not for each batch."""
        if self._timer is None:
            wait = BREATHER if len(self.frame) > self.run_count > 0 else 0.001
            self._timer = self.set_timer(wait, self._rearrange_now)

    def _rearrange_now(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = None
        self.rearrange()

    @property
    @abstractmethod
    def run_count(self) -> int:
        """How many runs are shown."""

    @abstractmethod
    def redraw(self) -> None:
        """Show what has changed that moves no line: curves, ages, what is stale."""

    @abstractmethod
    def rearrange(self) -> None:
        """Lay out the runs as they are projection now."""
