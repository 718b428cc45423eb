"""Background loading: a thread runs a generator and posts the messages that it yields to the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from contextlib import suppress
from enum import StrEnum
from functools import partial
from typing import Protocol, TypeAlias

from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from qtui import crash
from qtui.cancellation import Cancelled, cancelled_when, check_cancelled
from qtui.errors import QtuiError, StoreNotFound
from qtui.value_classes import dataclass

MessageStream: TypeAlias = Generator[Message, None, None]
"""A load: a generator of messages, which is cancelled by closing it."""


class LoadGroup(StrEnum):
    """Loads that replace one another: a new load cancels the running load of its group, and no other."""

    EXPERIMENTS = "experiments"
    RUNS = "runs"
    DETAILS = "details"
    ARTIFACT_LISTING = "artifact-listing"
    ARTIFACT_FILE = "artifact-file"
    ARTIFACT_TASK = "artifact-task"
    ARTIFACT_COPY = "artifact-copy"
    REPORT = "report"
    SUMMARIES = "summaries"
    SPARKLINES = "sparklines"
    CHARTS = "charts"
    HISTORIES = "histories"
    GROWTH = "growth"
    CHANGES = "changes"
    WORD_INDEX = "word-index"
    COMPARISON = "comparison"
    EDIT = "edit"
    EDITED_RUNS = "edited-runs"
    EDITED_TAGS = "edited-tags"
    JOURNAL = "journal"
    PURGE_PLAN = "purge-plan"


@dataclass
class LoadCancelled(Message):
    """A load ended before its last message was posted: a newer load replaced it, or it was cancelled."""

    group: LoadGroup


@dataclass
class LoadFailed(Message):
    """A load failed; what it posted before stays valid."""

    group: LoadGroup
    reason: str
    store_missing: bool = False
    """Whether no store exists at the address."""


class Loader(Protocol):
    """Starts loads: a `BackgroundReader`, or a fake in tests."""

    def load(
        self,
        group: LoadGroup,
        messages: MessageStream,
        *,
        part: str = "",
        post: Callable[[Message], object] | None = None,
    ) -> None:
        """Run a load in the background."""

    def is_loading(self, group: LoadGroup) -> bool:
        """Return whether a load of this group is running."""

    def post_message(self, message: Message) -> bool:
        """Post a message to the screen, from any thread."""


class FirstMessage:
    """The first message of a load, for a handler that waits for it; all later messages are posted."""

    def __init__(self, post: Callable[[Message], object]) -> None:
        self._post = post
        self._loop = asyncio.get_running_loop()
        self._message: asyncio.Future[Message] = self._loop.create_future()

    def post(self, message: Message) -> None:
        """Deliver a message, from any thread; it is dropped if the screen was closed meanwhile."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._deliver, message)

    def _deliver(self, message: Message) -> None:
        if self._message.done():
            self._post(message)
        else:
            self._message.set_result(message)

    async def wait(self, timeout_s: float) -> Message | None:
        """Return the message; None after the timeout, when the message will be posted."""
        with suppress(TimeoutError):
            return await asyncio.wait_for(self._message, timeout_s)
        return None


class BackgroundReader(Screen[None]):
    """A screen that loads in the background, one load of a group at a time."""

    def load(
        self,
        group: LoadGroup,
        messages: MessageStream,
        *,
        part: str = "",
        post: Callable[[Message], object] | None = None,
    ) -> None:
        """Run this generator in a thread and post its messages; parts of a group do not cancel one another.

        `post` replaces `post_message`; it is called in that thread.
        """
        self.run_worker(
            partial(self._post_messages, group, messages, post or self.post_message),
            thread=True,
            exclusive=True,
            group=f"{group}/{part}" if part else group,
            exit_on_error=False,
        )

    def is_loading(self, group: LoadGroup) -> bool:
        """Return whether a load of this group is running."""
        return any(worker.is_running for worker in self.workers if worker.group == group)

    @property
    def has_running_load(self) -> bool:
        """Whether a load is running."""
        return any(worker.is_running for worker in self.workers)

    def _post_messages(self, group: LoadGroup, messages: MessageStream, post: Callable[[Message], object]) -> None:
        worker = get_current_worker()
        try:
            with cancelled_when(lambda: worker.is_cancelled):
                for message in messages:
                    check_cancelled()
                    post(message)
        except Cancelled:
            post(LoadCancelled(group))
        except Exception as error:
            if worker.is_cancelled:
                post(LoadCancelled(group))
                return
            reason = str(error) if isinstance(error, QtuiError) else crash.save_report(error)
            post(LoadFailed(group, reason, isinstance(error, StoreNotFound)))
        finally:
            messages.close()
