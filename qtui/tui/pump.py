"""How a screen reads without waiting: a thread runs a generator and posts what it yields."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from functools import partial

from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from qtui import crash
from qtui.errors import QtuiError, StoreNotFound

Messages = Generator[Message, None, None]


@dataclass
class ReadFailed(Message):
    """Something could not be read; what was read before stays."""

    group: str
    sentence: str
    is_missing: bool = False
    """Whether there is no store at all."""


class Reads(Screen[None]):
    """A screen that reads in groups: what a group begins to read ends what it was still reading."""

    def read(self, group: str, messages: Messages) -> None:
        """Let a thread run this generator, and post what it yields."""
        self.run_worker(
            partial(self._pump, group, messages), thread=True, exclusive=True, group=group, exit_on_error=False
        )

    def _pump(self, group: str, messages: Messages) -> None:
        worker = get_current_worker()
        try:
            for message in messages:
                if worker.is_cancelled:
                    return
                self.post_message(message)
        except Exception as error:
            if not worker.is_cancelled:
                sentence = str(error) if isinstance(error, QtuiError) else crash.kept(error)
                self.post_message(ReadFailed(group, sentence, isinstance(error, StoreNotFound)))
        finally:
            messages.close()
