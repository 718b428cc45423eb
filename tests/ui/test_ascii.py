"""Drawing in ASCII alone."""

from __future__ import annotations

import pytest

from qtui.text import width
from qtui.tui.options import Options
from qtui.tui.terminal.ascii import LOOK_ALIKES, in_ascii
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
def test_signs_become_letters_that_look_like_them(text: str, plain: str) -> None:
    assert in_ascii(text) == plain


@pytest.mark.parametrize("text", ["因子", "e\u0301", "👩‍👩‍👧", "".join(LOOK_ALIKES.values()), "한글"])
def test_the_width_stays_the_same(text: str) -> None:
    assert in_ascii(text).isascii()
    assert width(in_ascii(text)) == width(text)


def test_no_sign_has_two_look_alikes() -> None:
    signs = "".join(LOOK_ALIKES.values())
    assert len(signs) == len(set(signs))
    assert all(width(sign) == 1 for sign in signs)


async def test_nothing_but_ascii_is_drawn_whoever_draws_it() -> None:
    app = frame_app(Options(ascii_only=True))
    async with app.run_test() as pilot:
        for key in (":", "escape", "?", "escape", "ctrl+t"):
            await pilot.press(key)
            await pilot.pause()
            drawn = "".join(segment.text for line in app.screen._compositor.render_strips() for segment in line)
            assert drawn.isascii()
