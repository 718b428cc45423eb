"""Type-ahead: keys that arrive before the screen has handled the keys before them, as in one packet over SSH."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.timer import Timer

if TYPE_CHECKING:
    from textual.actions import ActionParseResult
    from textual.dom import DOMNode


MAX_SCREEN_WAIT_S = 1.0
"""Seconds after which queued keys are handled in any case: a screen may close before it was ever drawn."""


MAX_HOLD_S = 2.0
"""Seconds after which keys no longer wait for a dialog whose content is being read."""


class TypeAheadApp(App[None]):
    """An app in which every key reaches the widget that has the focus after the keys before it are handled.

    Textual sends a key to the widget that has the focus when the key arrives. The key before it may be about to open
    a dialog or leave a field, and a letter for that dialog would run a command. Such a key is queued here until then.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._sent_keys: deque[tuple[events.Key, DOMNode]] = deque()
        """Keys that a widget may still be handling, with their receivers."""
        self._queued_keys: list[events.Key] = []
        self._pending_keys = 0
        """Keys whose handling is not complete: a widget, a message from it or a message from an action is pending."""
        self._screen_timer: Timer | None = None
        """The time limit of the wait for a new screen to be drawn, or for the focus to have moved; None without one."""

    async def on_event(self, event: events.Event) -> None:
        """Send a key to the focused widget, or queue it."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            await self._send_or_queue(event)
        else:
            await super().on_event(event)

    async def _send_or_queue(self, event: events.Key) -> None:
        if self._pending_keys or self._screen_timer:
            self._queued_keys.append(event)
            return
        receiver = self._current_receiver
        self._sent_keys.append((event, receiver))
        await super().on_event(event)
        from textual.widgets import Input  # after the first rows were painted

        # A field answers a key such as enter with a message, which has to arrive too.
        self._wait_for_messages(receiver, 2 if isinstance(receiver, Input) and not event.is_printable else 1)

    async def _on_key(self, event: events.Key) -> None:
        """Queue a key that no widget has handled if the focus has moved since it arrived."""
        if self._receiver_of(event) is not self._current_receiver or self._screen_timer:
            event.prevent_default()
            self._queued_keys.append(event)
            self._wait_for_screen()

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run the action; the next key waits for the workers it started and the messages it posted.

        Any of them may open a dialog, which has to get that key.
        """
        is_handled = await super().run_action(action, default_namespace, namespaces)
        await asyncio.sleep(0)
        if default_namespace is not None:
            self._wait_for_messages(default_namespace, 1)
        return is_handled

    def push_screen(self, *arguments: Any, **options: Any) -> Any:
        """Show a screen; keys are queued until it is drawn."""
        result = super().push_screen(*arguments, **options)
        self._wait_for_screen()
        return result

    def hold_keys(self) -> Callable[[], None]:
        """Queue keys for a dialog whose content is being read, until the function that this returns is called."""
        self._pending_keys += 1

        def release() -> None:
            if timer in holds:
                holds.remove(timer)
                timer.stop()
                self._follow_messages(self._current_receiver, 1)

        timer = self.set_timer(MAX_HOLD_S, release)
        holds = [timer]
        return release

    @property
    def _current_receiver(self) -> DOMNode:
        return self.focused or self.screen

    def _receiver_of(self, event: events.Key) -> DOMNode:
        """Return the widget that a key was sent to; all keys sent before it are handled by then."""
        while self._sent_keys:
            sent, receiver = self._sent_keys.popleft()
            if sent is event:
                return receiver
        return self._current_receiver

    def _wait_for_screen(self) -> None:
        """Queue keys until the current screen is drawn."""
        if self._screen_timer is None:
            timer: Timer = self.set_timer(MAX_SCREEN_WAIT_S, lambda: self._end_screen_wait(timer))
            self._screen_timer = timer
            self.screen.call_after_refresh(self.call_later, self._end_screen_wait, timer)

    async def _end_screen_wait(self, timer: Timer) -> None:
        """End the wait that has this time limit, unless it has ended already."""
        if timer is self._screen_timer:
            timer.stop()
            self._screen_timer = None
            await self._send_queued()

    def _wait_for_messages(self, receiver: MessagePump, round_trips: int) -> None:
        """Queue keys until the messages of a widget have bubbled to the app, as many times in turn as said."""
        self._pending_keys += 1
        self._follow_messages(receiver, round_trips)

    def _follow_messages(self, receiver: MessagePump, round_trips: int) -> None:
        def climb(node: MessagePump) -> None:
            parent = node._parent
            if parent is not None and parent.call_later(climb, parent):
                return
            if round_trips > 1:
                self._follow_messages(receiver, round_trips - 1)
            else:
                self.call_later(self._end_key)

        if not receiver.call_later(climb, receiver):
            self.call_later(self._end_key)

    async def _end_key(self) -> None:
        """Count a key whose handling is complete."""
        self._pending_keys -= 1
        await self._send_queued()

    async def _send_queued(self) -> None:
        """Send the queued keys in order to the focused widget, unless something is pending."""
        if not self._pending_keys and self._screen_timer is None:
            queued, self._queued_keys = sorted(self._queued_keys, key=lambda event: event.time), []
            for event in queued:
                copy = events.Key(event.key, event.character)
                copy.time = event.time
                await self.on_event(copy)
