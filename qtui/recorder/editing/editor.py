"""Apply edits to a store, and undo and redo them by the journal."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace
from typing import NamedTuple

from qtui.cancellation import Cancelled, check_cancelled, is_cancelled
from qtui.entities import RunInfo
from qtui.errors import NothingToUndo, StoreLocked, StoreUnwritable, UsageError
from qtui.formatting import format_count, now_ms
from qtui.recorder.editing.journal import DONE, UNDONE, Journal, JournalEntry
from qtui.store.changes import LIFECYCLE, Applied, Change, Failure, Record, Target, ignore, merge, target_of
from qtui.store.edits import Edit, Item, split_items
from qtui.store.writer import LOCK_TIMEOUT_S, Writer, lock_timeout, slices
from qtui.text import truncate
from qtui.value_classes import dataclass

MAX_SUMMARY_CHARACTERS = 300

LOCK_POLL_S = 0.25
"""Seconds of one attempt to lock a database; an edit can be cancelled between two attempts."""


@dataclass(frozen=True, slots=True)
class EditProgress:
    """The progress of an edit of many runs."""

    done: int
    total: int
    waits_for: str = ""
    """The reason for a wait, such as a lock; empty without one."""


@dataclass(frozen=True, slots=True)
class EditResult:
    """The result of an edit, an undo or a redo."""

    entry: JournalEntry | None
    """The entry of the journal; None if nothing was changed."""
    summary: str
    """A description of the result: one sentence without a period."""
    targets: frozenset[Target]
    """The runs and experiments that were changed."""
    failures: tuple[Failure, ...] = ()
    """Those that were not changed, with the reasons."""
    was_cancelled: bool = False
    """Whether the edit was cancelled before it was complete; what it changed until then can be undone."""
    stages: Mapping[Target, str] = field(default_factory=dict)
    """The new lifecycle stages of those whose stage was changed."""


EditSteps = Generator[EditProgress, None, EditResult]
"""A generator that yields progress and returns the result.

Closing it stops the edit between two steps. `cancelled_when` stops it too, rolls a transaction back, and the result
says what was changed.
"""


class Editor:
    """Edits of one store."""

    def __init__(self, writer: Callable[[], Writer], journal: Callable[[], Journal]) -> None:
        self._writer = writer
        self._journal = journal

    def apply(self, edits: Sequence[Edit], command: str) -> EditSteps:
        """Apply edits as one entry of the journal."""
        now = now_ms()
        changes = [change for edit in edits for change in edit.changes(now)]
        writer, journal = self._writer(), self._journal()
        _settle(journal, writer)
        entry = journal.add(now, command, _summary(edits))
        step = _Step(Applied(), 0, 1)
        with journal.recording(entry) as recording:
            is_interrupted = False
            try:
                for step in _apply_in_steps(writer, changes, recording.record):
                    yield step.progress
            except BaseException as error:
                # Closing the generator ends it between two steps; after an error the recorded changes are kept.
                is_interrupted = not isinstance(error, GeneratorExit)
                raise
            finally:
                is_rolled_back = writer.limits.edit_targets is None and not step.applied.inverses
                if recording.is_empty or is_rolled_back:
                    journal.remove(entry)
                elif not is_interrupted:
                    # If this fails, what was recorded undoes the edit.
                    with suppress(StoreUnwritable):
                        entry = journal.finish(_completed(entry, edits, step.applied), step.applied.inverses)
        applied = step.applied
        if not applied.inverses:
            return EditResult(None, "Nothing was changed", frozenset(), applied.failures, not step.is_last)
        return _result(entry, step)

    def undo(self, number: int | None = None) -> EditSteps:
        """Undo an edit, by default the last one."""
        journal = self._journal()
        with journal.undoing():
            _settle(journal, self._writer())
            entry = pick_entry(journal.entries(), DONE, number)
            result = yield from self._revert(journal, entry, UNDONE)
            return replace(result, summary=f"{_outcome('undone', result)}: {entry.summary}")

    def plan(self, state: str, number: int | None) -> tuple[JournalEntry, tuple[Change, ...]]:
        """Return the edit in a state that would be undone or redone, and the changes that this would make."""
        journal = self._journal()
        entry = pick_entry(journal.entries(), state, number)
        return entry, journal.changes(entry)

    def redo(self, number: int | None = None) -> EditSteps:
        """Redo an undone edit, by default the one that was undone last."""
        journal = self._journal()
        with journal.undoing():
            entry = pick_entry(journal.entries(), UNDONE, number)
            result = yield from self._revert(journal, entry, DONE)
            return replace(result, summary=f"{_outcome('redone', result)}: {entry.summary}")

    def _revert(self, journal: Journal, entry: JournalEntry, state: str) -> EditSteps:
        """Apply the changes of an entry, and replace them by those that revert them."""
        if not entry.finished:
            # It was killed before it recorded a change, unless another process is applying it.
            with journal.recording(entry, wait=False):
                entry = journal.reread(entry)
                if not entry.finished:
                    entry = journal.finish(entry, journal.parts(entry))
        former = journal.parts(entry)
        step = _Step(Applied(), 0, 1)
        with journal.recording(entry) as recording:
            for step in _apply_in_steps(self._writer(), journal.changes(entry), recording.record):
                yield step.progress
        applied = step.applied
        # After a cancellation the rest is still to be reverted: what was recorded is kept for that.
        if step.is_last and (applied.inverses or not applied.failures):
            entry = journal.finish(replace(entry, state=state), (*applied.inverses, *former))
        return _result(entry, step)


def _outcome(verb: str, result: EditResult) -> str:
    """Return whether an edit was undone or redone: as a whole, in part, or not at all.

    Nothing is left to undo of an edit that was killed before it changed anything.
    """
    if not (result.targets or result.failures or result.was_cancelled):
        return f"Nothing was left to be {verb}"
    if result.failures and not result.targets:
        return f"Not {verb}"
    return verb.capitalize() + (" in part" if result.failures or result.was_cancelled else "")


def _settle(journal: Journal, writer: Writer) -> None:
    """Finish edits that were killed: revert the runs that were being written then, so that every run is whole."""
    for entry in journal.interrupted():
        parts = journal.parts(entry)
        if writer.limits.edit_targets is not None:
            writer.apply([replace(part, if_partial=True) for part in parts], ignore)
        targets = {target for change in parts for target in change.targets}
        journal.finish(replace(entry, count=len(targets)), parts)


class _Step(NamedTuple):
    """All that was applied after a step."""

    applied: Applied
    done: int
    total: int
    waits_for: str = ""

    @property
    def progress(self) -> EditProgress:
        """The progress to report."""
        return EditProgress(self.done, self.total, self.waits_for)

    @property
    def is_last(self) -> bool:
        """Whether nothing is left to apply."""
        return self.done >= self.total


def _apply_in_steps(writer: Writer, changes: Sequence[Change], record: Record) -> Iterator[_Step]:
    """Apply changes, in one step if the store has transactions; end early if the work is cancelled."""
    size = writer.limits.edit_targets
    total = sum(len(change.targets) for change in changes)
    if size is None:
        with suppress(Cancelled):
            yield from _apply_unlocked(writer, changes, record, total)
        return
    former, done = Applied(), 0
    for change in changes:
        inverses: list[Change] = []
        failures: list[Failure] = []
        for targets in slices(change.targets, size):
            result = writer.apply([replace(change, targets=tuple(targets))], record)
            inverses += result.inverses
            failures += result.failures
            done += len(targets)
            yield _Step(former.followed_by(Applied(tuple(inverses), tuple(failures))), done, total)
            if is_cancelled() and done < total:
                return
        former = former.followed_by(Applied(merge(inverses), tuple(failures)))
    yield _Step(former, total, total)


def _result(entry: JournalEntry, step: _Step) -> EditResult:
    """Return the result of an edit after its last step."""
    applied = step.applied
    stages = {
        target: str(change.expected[LIFECYCLE])
        for change in reversed(applied.inverses)  # so that the last change of a target counts
        if change.expected and change.expected.get(LIFECYCLE)
        for target in change.targets
    }
    return EditResult(entry, entry.summary, applied.targets, applied.failures, not step.is_last, stages)


def _apply_unlocked(writer: Writer, changes: Sequence[Change], record: Record, total: int) -> Iterator[_Step]:
    """Apply changes in one transaction; while another program has locked the database, yield between two attempts."""
    deadline = time.monotonic() + LOCK_TIMEOUT_S
    while True:
        check_cancelled()
        try:
            with lock_timeout(LOCK_POLL_S):
                applied = writer.apply(changes, record)
        except StoreLocked:
            if time.monotonic() >= deadline:
                raise
            yield _Step(Applied(), 0, total, "waiting for the lock of the database")
        else:
            yield _Step(applied, total, total)
            return


def _completed(entry: JournalEntry, edits: Sequence[Edit], applied: Applied) -> JournalEntry:
    """Return an entry with the number and the names of the items that were changed."""
    targets = applied.targets
    items = {target_of(item) for edit in edits for item in edit.items}
    count = len(targets & items) or len(targets)
    return replace(entry, summary=_summary(edits, targets), count=count)


def _summary(edits: Sequence[Edit], changed: frozenset[Target] | None = None) -> str:
    """Return what edits do to their items, or did to those that were changed."""
    summaries = []
    for edit in edits:
        items = {target_of(item): item for item in edit.items}
        items_changed = [item for target, item in items.items() if changed is None or target in changed]
        if changed and not items_changed:
            # Of an experiment that already had this lifecycle stage only runs are changed.
            experiments = {target.experiment_id for target in changed}
            items_changed = [
                item for target, item in items.items() if not target.is_run and item.experiment_id in experiments
            ]
        if items_changed or not items:
            summaries.append(edit.summary(_subject(items_changed)))
    summary = "; ".join(summaries)
    return truncate(summary[:1].upper() + summary[1:], MAX_SUMMARY_CHARACTERS)


def _subject(items: Sequence[Item]) -> str:
    """Return a name for the items of an edit."""
    if len(items) != 1:
        return count_items(items)
    [item] = items
    return f"run {item.name or item.run_id}" if isinstance(item, RunInfo) else f"experiment {item.name}"


def count_items(items: Sequence[Item]) -> str:
    """Return the number of runs and experiments in words."""
    runs, experiments = split_items(items)
    counts = [format_count(len(experiments), "experiment")] if experiments else []
    counts += [format_count(len(runs), "run")] if runs or not experiments else []
    return " and ".join(counts)


def pick_entry(entries: Sequence[JournalEntry], state: str, number: int | None) -> JournalEntry:
    """Return the entry of this number, by default the one that changed to the state last."""
    verb = "undo" if state == DONE else "redo"
    if number is None:
        candidates = [entry for entry in entries if entry.state == state]
        if not candidates:
            raise NothingToUndo(f"There is nothing to {verb}.")
        return max(candidates, key=lambda entry: entry.changed_at)
    for entry in entries:
        if entry.number == number:
            if entry.state != state:
                raise UsageError(f"Edit {number} cannot be {verb}ne: it is {entry.state}.")
            return entry
    raise NothingToUndo(f"There is no edit {number} in the journal of this store.")
