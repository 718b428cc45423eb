"""What a chart reads off the event loop: histories, one curve after the other as they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from textual.message import Message

from qtui.entities import History, Problem, RunInfo
from qtui.errors import QtuiError
from qtui.recorder import ExpManager
from qtui.tui.pump import Messages

AT_ONCE = 4
"""So many histories are read at the same time: a server or a slow disk makes wait, not work."""


@dataclass
class HistoryRead(Message):
    """A metric of a run was read, or could not be."""

    question: int
    run_id: str
    metric: str
    history: History | None = None
    problems: tuple[Problem, ...] = ()
    failure: str = ""


def histories(library: ExpManager, question: int, wanted: Sequence[tuple[RunInfo, str]]) -> Messages:
    """The histories of these metrics, in the order in which they are there."""
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="history")
    try:
        yield from _read(library, question, wanted, pool)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _read(
    library: ExpManager, question: int, wanted: Sequence[tuple[RunInfo, str]], pool: ThreadPoolExecutor
) -> Iterator[HistoryRead]:
    futures: list[Future[HistoryRead]] = [
        pool.submit(_history, library, question, info, metric) for info, metric in wanted
    ]
    for future in as_completed(futures):
        yield future.result()


def _history(library: ExpManager, question: int, info: RunInfo, metric: str) -> HistoryRead:
    """One history, or why there is none."""
    try:
        history, problems = library.history(info, metric)
    except QtuiError as error:
        return HistoryRead(question, info.run_id, metric, failure=str(error))
    return HistoryRead(question, info.run_id, metric, history, problems)
