"""Pool of helper processes that read runs in parallel: Python runs on one core and waits for one read at a time."""

from __future__ import annotations

import subprocess
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from threading import Condition, Thread
from typing import Any, Generic, Self, TypeVar

from qtui.helper_process import receive, send, start_helper

T = TypeVar("T")
R = TypeVar("R")

HELPER_TIMEOUT_S = 10.0
"""Time to wait for a helper's answer (s) before the task is done in this process."""

WORKER_MODULE = "qtui.store.files.cached.worker"


class ReaderPool(Generic[T, R]):
    """Pool of helper processes that share the tasks with this process, which does the tasks that helpers fail to do."""

    def __init__(
        self, tasks: Sequence[T], work: Callable[[T], R], encode: Callable[[T], Any], decode: Callable[[T, Any], R]
    ) -> None:
        """`work` does a task in this process, `encode` makes the request for a helper, `decode` reads its answer."""
        self._tasks = tasks
        self._work = work
        self._encode = encode
        self._decode = decode
        self._pending = deque(range(len(tasks)))
        self._results: dict[int, R] = {}
        self._answers: dict[int, Any] = {}
        self._changed = Condition()
        self._helpers: list[tuple[subprocess.Popen[bytes], Thread]] = []

    def start(self, helper_count: int, settings: Any) -> Self:
        """Start helpers, as many as the system allows, and send them the settings."""
        for _ in range(helper_count):
            with suppress(OSError):
                helper = start_helper(WORKER_MODULE)
                thread = Thread(target=self._serve, args=(helper, settings), daemon=True)
                self._helpers.append((helper, thread))
                thread.start()
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        with self._changed:
            self._pending.clear()
        for helper, thread in self._helpers:
            helper.kill()
            thread.join()
            with suppress(BrokenPipeError), helper:
                pass

    def results(self) -> Iterator[R]:
        """Yield all results in the order of the tasks."""
        for index, task in enumerate(self._tasks):
            while index not in self._results and index not in self._answers:
                self._do_next(index)
            if index in self._results:
                yield self._results.pop(index)
            else:
                yield self._decode(task, self._answers.pop(index))

    def _do_next(self, awaited: int) -> None:
        """Do the next pending task; if none is pending, wait for the awaited one, and do it after a timeout."""
        with self._changed:
            if self._pending:
                index = self._pending.popleft()
            elif self._changed.wait_for(lambda: self._pending or awaited in self._answers, HELPER_TIMEOUT_S):
                return
            else:
                index = awaited
        self._results[index] = self._work(self._tasks[index])

    def _serve(self, helper: subprocess.Popen[bytes], settings: Any) -> None:
        """Send tasks to a helper and collect its answers until no task is pending or the helper dies."""
        assert helper.stdin and helper.stdout
        with suppress(OSError, EOFError, ValueError):
            send(helper.stdin, settings)
            while (index := self._take_task()) is not None:
                answer = None
                try:
                    send(helper.stdin, self._encode(self._tasks[index]))
                    answer = receive(helper.stdout)
                finally:
                    self._add_answer(index, answer)

    def _take_task(self) -> int | None:
        with self._changed:
            return self._pending.popleft() if self._pending else None

    def _add_answer(self, index: int, answer: Any) -> None:
        """Add an answer; without one, the task becomes pending again."""
        with self._changed:
            if answer is None:
                self._pending.appendleft(index)
            else:
                self._answers[index] = answer
            self._changed.notify_all()
