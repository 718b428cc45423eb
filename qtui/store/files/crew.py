"""Helper processes that read runs beside this one, for Python uses one core only and waits for every disk alone."""

from __future__ import annotations

import subprocess
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from threading import Condition, Thread
from typing import Any, Generic, Self, TypeVar

from qtui.store.helper_process import receive, send, start_helper

T = TypeVar("T")
R = TypeVar("R")

OVERDUE = 10.0
"""After so many seconds we do ourselves what a helper was to do."""

WORKER = "qtui.store.files.worker"


class Crew(Generic[T, R]):
    """Works through tasks together with helpers; what a helper leaves undone is done here."""

    def __init__(
        self, tasks: Sequence[T], work: Callable[[T], R], ask: Callable[[T], Any], understand: Callable[[T, Any], R]
    ) -> None:
        """`work` does a task here, `ask` words it for a helper, `understand` makes a result of what it answers."""
        self._tasks = tasks
        self._work = work
        self._ask = ask
        self._understand = understand
        self._heap = deque(range(len(tasks)))
        self._done: dict[int, R] = {}
        self._answers: dict[int, Any] = {}
        self._news = Condition()
        self._helpers: list[tuple[subprocess.Popen[bytes], Thread]] = []

    def hire(self, size: int, instructions: Any) -> Self:
        """Start so many helpers, as far as the system lets us."""
        for _ in range(size):
            with suppress(OSError):
                helper = start_helper(WORKER)
                thread = Thread(target=self._serve, args=(helper, instructions), daemon=True)
                self._helpers.append((helper, thread))
                thread.start()
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        with self._news:
            self._heap.clear()
        for helper, thread in self._helpers:
            helper.kill()
            thread.join()
            with suppress(BrokenPipeError), helper:
                pass

    def results(self) -> Iterator[R]:
        """Every result, in the order of the tasks."""
        for index, task in enumerate(self._tasks):
            while index not in self._done and index not in self._answers:
                self._do_next(index)
            if index in self._done:
                yield self._done.pop(index)
            else:
                yield self._understand(task, self._answers.pop(index))

    def _do_next(self, awaited: int) -> None:
        """Do the next task here; when all are taken, wait for the awaited one, but not for ever."""
        with self._news:
            if self._heap:
                index = self._heap.popleft()
            elif self._news.wait_for(lambda: self._heap or awaited in self._answers, OVERDUE):
                return
            else:
                index = awaited
        self._done[index] = self._work(self._tasks[index])

    def _serve(self, helper: subprocess.Popen[bytes], instructions: Any) -> None:
        """Hand tasks to a helper and collect its answers, until there are none or it is gone."""
        assert helper.stdin and helper.stdout
        with suppress(OSError, EOFError, ValueError):
            send(helper.stdin, instructions)
            while (index := self._take()) is not None:
                answer = None
                try:
                    send(helper.stdin, self._ask(self._tasks[index]))
                    answer = receive(helper.stdout)
                finally:
                    self._bring_back(index, answer)

    def _take(self) -> int | None:
        with self._news:
            return self._heap.popleft() if self._heap else None

    def _bring_back(self, index: int, answer: Any) -> None:
        with self._news:
            if answer is None:
                self._heap.appendleft(index)
            else:
                self._answers[index] = answer
            self._news.notify_all()
