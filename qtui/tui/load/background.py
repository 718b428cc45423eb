"""How a screen reads without waiting: a thread runs a generator and posts what it yields."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from qtui import crash
from qtui.errors import QtuiError, StoreNotFound

Messages = Generator[Message, None, None]


class LoadGroup(StrEnum):
    """Loads that replace one another: a new load cancels the running load of its group, and no other."""

    EXPERIMENTS = "experiments"
    RUNS = "runs"
    DETAILS = "details"
    ARTIFACTS = "artifacts"
    SUMMARIES = "summaries"
    SPARKLINES = "sparklines"
    CHARTS = "charts"
    HISTORIES = "histories"
    GROWTH = "growth"
    EXPORT = "export"
    NEWS = "news"


@dataclass
class LoadCancelled(Message):
    """A load ended before its last message was posted, because another one replaced it or somebody cancelled it."""

    group: LoadGroup


@dataclass
class ReadFailed(Message):
    """Something could not be read; what was read before stays."""

    group: LoadGroup
    sentence: str
    is_missing: bool = False
    """Whether there is no store at all."""


class Reads(Screen[None]):
    """A screen that loads in the background, one load of a group at a time."""

    def read(self, group: LoadGroup, messages: Messages, *, part: str = "") -> None:
        """Run this generator in a thread and post its messages; parts of a group do not cancel one another."""
        self.run_worker(
            partial(self._pump, group, messages),
            thread=True,
            exclusive=True,
            group=f"{group}/{part}" if part else group,
            exit_on_error=False,
        )

    def is_loading(self, group: LoadGroup) -> bool:
        """Return whether a load of this group is running."""
        return any(worker.is_running for worker in self.workers if worker.group == group)

    def _pump(self, group: LoadGroup, messages: Messages) -> None:
        worker = get_current_worker()
        try:
            for message in messages:
                if worker.is_cancelled:
                    self.post_message(LoadCancelled(group))
                    return
                self.post_message(message)
        except Exception as error:
            if not worker.is_cancelled:
                sentence = str(error) if isinstance(error, QtuiError) else crash.kept(error)
                self.post_message(ReadFailed(group, sentence, isinstance(error, StoreNotFound)))
        finally:
            messages.close()
