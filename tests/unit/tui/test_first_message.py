"""The first message of a load goes to the handler that waits for it, all others are posted."""

from __future__ import annotations

import asyncio

from textual.message import Message

from qtui.tui.load.background import FirstMessage


def test_a_handler_gets_the_first_message_and_later_ones_are_posted_in_their_order() -> None:
    first, second, third = Message(), Message(), Message()
    posted: list[Message] = []

    async def load() -> Message | None:
        messages = FirstMessage(posted.append)
        await asyncio.to_thread(lambda: [messages.post(message) for message in (first, second, third)])
        return await messages.wait(9)

    assert asyncio.run(load()) is first
    assert posted == [second, third]


def test_a_message_that_comes_after_the_timeout_is_posted() -> None:
    late = Message()
    posted: list[Message] = []

    async def load() -> Message | None:
        messages = FirstMessage(posted.append)
        result = await messages.wait(0)
        messages.post(late)
        await asyncio.sleep(0)
        return result

    assert asyncio.run(load()) is None
    assert posted == [late]
