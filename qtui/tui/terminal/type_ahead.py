"""Keys that come faster than the screen: typed ahead, or many in one packet of a slow line."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.widgets import Input

if TYPE_CHECKING:
    from textual.actions import ActionParseResult
    from textual.dom import DOMNode


AT_MOST = 1.0
"""Seconds after which keys are given on in any case: a screen may be gone again before it was ever drawn."""


class TypeAhead(App[None]):
    """An app in which every key reaches what it was meant for.

    Textual gives a key to the widget that has the focus when it comes, which may be before the key in front of it has
    opened a dialog or left a field: it would be a command where a letter was meant. Here such a key is held until that
    is done, and given to what has the focus then.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._given: deque[tuple[events.Key, DOMNode]] = deque()
        self._held: list[events.Key] = []
        self._pending_answers = 0
        """Keys that are still on their way, fields that still handle one, actions whose messages are on their way."""
        self._awaits_screen = False
        """Whether a screen is coming, or the focus has moved while keys were on their way."""

    async def on_event(self, event: events.Event) -> None:
        """Give a key to what has the focus, and remember what that was."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._give(event)
        else:
            await super().on_event(event)

    async def _give(self, event: events.Key) -> None:
        if self._pending_answers or self._awaits_screen:
            self._held.append(event)
            return
        receiver = self._receiver
        self._given.append((event, receiver))
        await super().on_event(event)
        self._pending_answers += 1
        self._follow(receiver, 2 if isinstance(receiver, Input) and not event.is_printable else 1)

    async def _on_key(self, event: events.Key) -> None:
        """Keep a key that no widget took from being a command, if the focus has moved on since it came."""
        if self._receiver_of(event) is not self._receiver or self._awaits_screen:
            event.prevent_default()
            self._held.append(event)
            self._hold()

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run the action, and handle the workers it started and the messages it posted before the next key.

        Any of them may open a dialog, which has to get that key.
        """
        done = await super().run_action(action, default_namespace, namespaces)
        await asyncio.sleep(0)
        if default_namespace is not None:
            self._pending_answers += 1
            self._follow(default_namespace, 1)
        return done

    def push_screen(self, *arguments: Any, **options: Any) -> Any:
        """Show a screen, and hold the keys until it has its focus."""
        shown = super().push_screen(*arguments, **options)
        self._hold()
        return shown

    @property
    def _receiver(self) -> DOMNode:
        return self.focused or self.screen

    def _receiver_of(self, event: events.Key) -> DOMNode:
        """What a key was given to; keys that were given before it have been taken by then."""
        while self._given:
            given, receiver = self._given.popleft()
            if given is event:
                return receiver
        return self._receiver

    def _hold(self) -> None:
        """Hold the keys until the screen in front is drawn."""
        if not self._awaits_screen:
            self._awaits_screen = True
            self.screen.call_after_refresh(self.call_later, self._go_on, "screen")
            self.set_timer(AT_MOST, partial(self._go_on, "screen"))

    def _follow(self, receiver: MessagePump, times: int) -> None:
        """Hold the keys until the one before them has come up to the app from its field, or was taken on its way; and
        then until the message has come up that the field sends when it is told to submit."""

        def climb(node: MessagePump) -> None:
            above = node._parent
            if above is not None and above.call_later(climb, above):
                return
            if times > 1:
                self._follow(receiver, times - 1)
            else:
                self.call_later(self._go_on, "answer")

        if not receiver.call_later(climb, receiver):
            self.call_later(self._go_on, "answer")

    async def _go_on(self, what: Literal["answer", "screen"]) -> None:
        """Give the keys that were held, in the order in which they came, to what has the focus now."""
        if what == "answer":
            self._pending_answers -= 1
        else:
            self._awaits_screen = False
        if not self._pending_answers and not self._awaits_screen:
            held, self._held = sorted(self._held, key=lambda event: event.time), []
            for event in held:
                again = events.Key(event.key, event.character)
                again.time = event.time
                await self.on_event(again)
