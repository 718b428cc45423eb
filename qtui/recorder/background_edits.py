"""Edits for a screen: a large one runs in a helper process, because a thread would take the interpreter from it."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from operator import attrgetter
from select import select
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, TypeVar

from qtui import crash
from qtui.cancellation import PROGRESS_INTERVAL_S, cancelled_when, is_cancelled
from qtui.entities import RunInfo
from qtui.errors import QtuiError, ReadOnly, StoreError
from qtui.helper_process import receive, send, start_helper
from qtui.recorder.editing.editor import EditProgress, EditSteps, pick_entry
from qtui.recorder.editing.journal import DONE, UNDONE, Journal
from qtui.recorder.library import Library
from qtui.store.edits import Delete, Edit, Restore, split_items

if TYPE_CHECKING:
    from qtui.recorder.editing.purge import PurgePlan, PurgeSteps

T = TypeVar("T")

MAX_RUNS_IN_THREAD = 100
"""Runs up to which an edit takes less time than the start of a helper (0.2 s)."""

NICENESS = 15
"""The helper leaves the processor to the screen: with 5 it kept keys waiting."""

PROGRESS, RESULT, ERROR = "progress", "result", "error"


class BackgroundEdits:
    """The edits of a library; each method returns steps as that of the library does."""

    def __init__(self, library: Library) -> None:
        """Raise ReadOnly if the store cannot be edited."""
        if reason := library.read_only_reason():
            raise ReadOnly(reason)
        self._library = library

    def apply(self, edits: Sequence[Edit], command: str) -> EditSteps:
        """Apply edits as one entry of the journal."""
        is_large = sum(len(edit.items) for edit in edits) > MAX_RUNS_IN_THREAD or any(map(_changes_all_runs, edits))
        return self._start("apply_steps", *edits, is_large=is_large, command=command)

    def undo(self, number: int | None = None) -> EditSteps:
        """Undo an edit, by default the last one."""
        return self._start("undo_steps", number, is_large=self._is_large_entry(DONE, number))

    def redo(self, number: int | None = None) -> EditSteps:
        """Redo an undone edit, by default the one that was undone last."""
        return self._start("redo_steps", number, is_large=self._is_large_entry(UNDONE, number))

    def purge(self, plan: PurgePlan, command: str) -> PurgeSteps:
        """Remove what a plan lists for good."""
        return self._start("purge_steps", plan, command, is_large=len(plan.runs) > MAX_RUNS_IN_THREAD)

    def _is_large_entry(self, state: str, number: int | None) -> bool:
        journal = Journal.of(self._library.store)
        return journal.is_large(pick_entry(journal.entries(), state, number))

    def _start(
        self, method: str, *arguments: Any, is_large: bool, **options: Any
    ) -> Generator[EditProgress, None, Any]:
        if is_large and self._library.store.capabilities.edits_locally:
            return steps_in_process(self._library.uri, method, *arguments, **options)
        steps: Generator[EditProgress, None, Any] = getattr(self._library, method)(*arguments, **options)
        return steps


def _changes_all_runs(edit: Edit) -> bool:
    """Return whether an edit changes the runs of experiments."""
    return isinstance(edit, Delete | Restore) and bool(split_items(edit.items)[1])


def steps_in_process(uri: str, method: str, *arguments: Any, **options: Any) -> Generator[EditProgress, None, Any]:
    """Run the steps that a method of a Library returns in a helper process.

    The generator yields the progress every tenth of a second. It is closed and cancelled like the steps themselves.
    """
    helper = start_helper(__name__)
    assert helper.stdin and helper.stdout
    try:
        with suppress(BrokenPipeError):
            send(helper.stdin, (uri, method, list(map(_encode, arguments)), options))
        while True:
            try:
                kind, message = receive(helper.stdout)
            except EOFError:
                raise StoreError("The process of the edit has ended. What it did until then can be undone.") from None
            if kind == RESULT:
                return pickle.loads(message)
            if kind == ERROR:
                raise pickle.loads(message)
            yield EditProgress(*message)
            if is_cancelled() and not helper.stdin.closed:
                helper.stdin.close()
    finally:
        # The end of its input cancels the helper, which can end only when its output is read.
        with suppress(BrokenPipeError):
            helper.stdin.close()
        helper.stdout.read()
        helper.stdout.close()
        helper.wait()


_info_values = attrgetter(*RunInfo.__dataclass_fields__)


def _encode(argument: Any) -> tuple[bytes, list[Any] | None]:
    """Return an argument as a pickle, and the runs of an edit as rows: ten times as fast as a pickle of them."""
    if "items" not in getattr(type(argument), "__dataclass_fields__", ()) or split_items(argument.items)[1]:
        return pickle.dumps(argument), None
    return pickle.dumps(replace(argument, items=())), list(map(_info_values, argument.items))


def _decode(pickled: bytes, rows: list[Any] | None) -> Any:
    argument = pickle.loads(pickled)
    return argument if rows is None else replace(argument, items=[RunInfo(*row) for row in rows])


def main() -> None:
    """Run the helper: read the request from stdin, write the progress and the result to stdout."""
    with suppress(OSError):
        os.nice(NICENESS)
    uri, method, content, options = receive(sys.stdin.buffer)
    arguments = [_decode(*argument) for argument in content]
    with suppress(BrokenPipeError), Library(uri) as library:
        try:
            answer = RESULT, pickle.dumps(_run(getattr(library, method)(*arguments, **options)))
        except Exception as error:
            reason = error if isinstance(error, QtuiError) else StoreError(crash.save_report(error))
            answer = ERROR, pickle.dumps(reason)
        send(sys.stdout.buffer, answer)


def _run(steps: Generator[EditProgress, None, T]) -> T:
    """Run steps to their end, or until the input ends; send the progress meanwhile."""
    with cancelled_when(lambda: bool(select([sys.stdin], [], [], 0)[0])), _sent_progress() as progress:
        while True:
            try:
                progress[:] = [next(steps)]
            except StopIteration as end:
                result: T = end.value
                return result


@contextmanager
def _sent_progress() -> Iterator[list[EditProgress]]:
    """Send the progress in the yielded list now, and then from time to time."""
    progress = [EditProgress(0, 0)]
    has_ended = Event()

    def send_progress() -> None:
        with suppress(BrokenPipeError):
            while True:
                send(sys.stdout.buffer, (PROGRESS, (progress[0].done, progress[0].total, progress[0].waits_for)))
                if has_ended.wait(PROGRESS_INTERVAL_S):
                    return

    thread = Thread(target=send_progress)
    thread.start()
    try:
        yield progress
    finally:
        has_ended.set()
        thread.join()
