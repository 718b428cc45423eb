"""Drawing in ASCII only."""

from __future__ import annotations

import pytest

from qtui.text import width
from qtui.tui.options import Options
from qtui.tui.terminal.ascii_filter import LOOKALIKES, to_ascii
from tests.ui.frame import frame_app


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("plain", "plain"),
        ("├─ a │", "+- a |"),
        ("▁▂▃▄▅▆▇█", "-.:=*%##"),
        ("因子 α", "???? ?"),
        ("● live …", "* live ."),
    ],
)
def test_symbols_are_replaced_by_lookalikes(text: str, plain: str) -> None:
    assert to_ascii(text) == plain


@pytest.mark.parametrize("text", ["因子", "e\u0301", "👩‍👩‍👧", "".join(LOOKALIKES.values()), "한글"])
def test_the_width_is_kept(text: str) -> None:
    assert to_ascii(text).isascii()
    assert width(to_ascii(text)) == width(text)


def test_no_symbol_has_two_lookalikes() -> None:
    signs = "".join(LOOKALIKES.values())
    assert len(signs) == len(set(signs))
    assert all(width(sign) == 1 for sign in signs)


async def test_only_ascii_is_drawn() -> None:
    app = frame_app(Options(ascii_only=True))
    async with app.run_test() as pilot:
        for key in (":", "escape", "?", "escape", "ctrl+t"):
            await pilot.press(key)
            await pilot.pause()
            text = "".join(segment.text for line in app.screen._compositor.render_strips() for segment in line)
            assert text.isascii()
