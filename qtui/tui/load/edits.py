"""Apply edits in the background, and read the edited runs again."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Any, TypeAlias

from textual.message import Message

from qtui.cancellation import ProgressTimer, cancelled_when, check_cancelled
from qtui.entities import RunInfo, ViewType
from qtui.errors import QtuiError, RunNotFound, UsageError
from qtui.query.projection import Projection
from qtui.recorder import Library
from qtui.store.changes import Target, target_of
from qtui.store.edits import Item, split_items
from qtui.store.writer import slices
from qtui.tui.load.artifact import failure_reason
from qtui.tui.load.background import MessageStream
from qtui.tui.load.run_list import RunsRequest
from qtui.tui.messages import FinishRequested, TagsRequested
from qtui.value_classes import dataclass

if TYPE_CHECKING:
    from qtui.entities import Run
    from qtui.recorder.background_edits import BackgroundEdits
    from qtui.recorder.editing.editor import EditResult, EditSteps
    from qtui.recorder.editing.journal import JournalEntry
    from qtui.recorder.editing.purge import PurgePlan

PROGRESS_INTERVAL_S = 0.5
"""Seconds between two messages with the progress of an edit; a key pressed just after one waits for the next frame."""

MAX_RUNS_PER_MESSAGE, MESSAGE_PAUSE_S = 250, 0.02
"""The edited runs of one message, which take half a frame to be shown, and the pause for keys after it."""

MAX_SINGLE_LOOKUPS = 50
"""The number of edited runs up to which each is looked up by its ID, and not among all of its experiment."""


EditedRuns: TypeAlias = Mapping[Target, str]
"""Edited runs with their lifecycle stage, which is empty where the edit did not change it."""


class EditMessage(Message):
    """The base of the messages that `EditRunner` handles.

    They share a handler name: the screen cannot name their classes, because this module is imported for the first edit.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.handler_name = "on_edit_message"


@dataclass
class EditProgressed(EditMessage):
    """A part of an edit is done."""

    label: str
    done: int
    total: int


@dataclass
class EditFinished(EditMessage):
    """An edit was applied, undone or redone, perhaps only in part."""

    result: EditResult


@dataclass
class EditFailed(EditMessage):
    """An edit was refused as a whole, or failed."""

    reason: str


@dataclass
class JournalLoaded(EditMessage):
    """The journal was read: its entries, the newest first."""

    entries: tuple[JournalEntry, ...]


@dataclass
class PurgePlanned(EditMessage):
    """The plan of a purge was made."""

    plan: PurgePlan


@dataclass
class TagsLoaded(EditMessage):
    """The tags of runs were read, by run ID."""

    request: TagsRequested
    tags: Mapping[str, Mapping[str, str]]


@dataclass
class EditedRunsLoaded(Message):
    """Edited runs were read again."""

    request: RunsRequest
    edited: EditedRuns
    run_ids: frozenset[str]
    """The IDs of all edited runs; empty unless it is the last message."""
    runs: tuple[Run, ...]
    """Those in the view of the request, with their values."""

    gone: frozenset[str]
    """The IDs of those that are not in the view, or no longer exist."""


def load_edit(
    make_steps: Callable[[BackgroundEdits], EditSteps], library: Library, label: str, cancel: Event
) -> MessageStream:
    """Apply an edit step by step, until it is done or `cancel` is set."""
    from qtui.recorder.background_edits import BackgroundEdits

    try:
        steps = make_steps(BackgroundEdits(library))
        try:
            yield from _run_steps(steps, label, cancel)
        finally:
            steps.close()
    except Exception as error:
        yield EditFailed(failure_reason(error))


def _run_steps(steps: EditSteps, label: str, cancel: Event) -> MessageStream:
    timer = ProgressTimer(PROGRESS_INTERVAL_S)
    while True:
        try:
            with cancelled_when(cancel.is_set):
                progress = next(steps)
        except StopIteration as end:
            yield EditFinished(end.value)
            return
        check_cancelled()
        if timer.is_due():
            yield EditProgressed(progress.waits_for or label, progress.done, progress.total)


def load_journal(library: Library) -> MessageStream:
    """Read the journal of edits."""
    yield JournalLoaded(library.journal()[::-1])


def load_purge_plan(library: Library, items: Sequence[Item]) -> MessageStream:
    """List what a purge of these runs and experiments would remove."""
    try:
        runs, experiments = split_items(items)
        plan = library.plan_purge(runs, experiments)
        yield PurgePlanned(plan) if plan else EditFailed("There is nothing to purge.")
    except QtuiError as error:
        yield EditFailed(str(error))


def finish_steps(edits: BackgroundEdits, library: Library, request: FinishRequested) -> EditSteps:
    """End the stale runs whose process does not exist, at their last write."""
    runs = list(library.abandoned(request.runs))
    if not runs:
        raise UsageError("The process still exists on this host: end it first.")
    return edits.apply([library.finish_edit(runs, request.status)], "screen")


def purge_steps(edits: BackgroundEdits, plan: PurgePlan) -> EditSteps:
    """Purge what a plan lists, and return the result as that of an edit."""
    from qtui.recorder.editing.editor import EditResult, count_items

    result = yield from edits.purge(plan, "screen")
    failed = {failure.target for failure in result.failures}
    removed = [item for item in plan.items if target_of(item) not in failed]
    summary = f"{count_items(removed)} purged, which cannot be undone"
    return EditResult(None, summary, frozenset(map(target_of, removed)), result.failures)


def load_tags(library: Library, request: TagsRequested) -> MessageStream:
    """Read the tags of runs."""
    batches = library.values(request.runs, Projection(tags=None))
    tags = {run.info.run_id: run.tags for batch in batches for run in batch.items}
    yield TagsLoaded(request, tags)


def load_edited_runs(library: Library, request: RunsRequest, edited: EditedRuns) -> MessageStream:
    """Read the edited runs again, with their values; those that the edit moved to another view are not read."""
    run_ids = frozenset(target.run_id for target in edited)
    moved = [target for target, stage in edited.items() if stage and not request.view.admits(stage)]
    infos = _current_infos(library, edited.keys() - moved)
    current = {info.run_id: info for info in infos if info.run_id in run_ids}
    visible = [info for info in current.values() if _is_in_view(info, request)]
    runs = [run for batch in library.values(visible) for run in batch.items] if visible else []
    gone = run_ids - {info.run_id for info in visible}
    batches = list(slices(runs, MAX_RUNS_PER_MESSAGE)) or [()]
    for batch in batches[:-1]:
        yield EditedRunsLoaded(request, edited, frozenset(), tuple(batch), gone)
        gone = frozenset()
        time.sleep(MESSAGE_PAUSE_S)
    yield EditedRunsLoaded(request, edited, run_ids, tuple(batches[-1]), gone)


def _current_infos(library: Library, targets: Collection[Target]) -> Iterable[RunInfo]:
    if len(targets) > MAX_SINGLE_LOOKUPS:
        experiment_ids = list(dict.fromkeys(target.experiment_id for target in targets))
        for batch in library.infos(experiment_ids, ViewType.ALL):
            yield from batch.items
        return
    for target in targets:
        with suppress(RunNotFound):
            yield library.find_run(target.run_id)


def _is_in_view(info: RunInfo, request: RunsRequest) -> bool:
    if request.experiment_ids is not None and info.experiment_id not in request.experiment_ids:
        return False
    return request.view.admits(info.lifecycle_stage)
