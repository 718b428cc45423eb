"""The pen is told no more than it has to be told."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.tui.terminal.sgr import Look, Pen, look_of


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("", "", ""),
        ("1;31", "1;31", ""),
        ("", "1;31", "\x1b[1;31m"),
        ("1;31", "", "\x1b[0m"),
        ("31", "32", "\x1b[32m"),
        ("31;44", "31", "\x1b[49m"),
        ("38;2;1;2;3;48;2;4;5;6", "38;2;7;8;9;48;2;4;5;6", "\x1b[38;2;7;8;9m"),
        ("1;31", "31", "\x1b[0;31m"),
        ("1", "1;3", "\x1b[3m"),
        ("38;5;9", "91", "\x1b[91m"),
    ],
)
def test_only_what_is_different_is_said(before: str, after: str, said: str) -> None:
    pen = Pen()
    pen.turned(before)
    assert pen.turned(after) == said


def test_the_colour_of_a_blank_is_not_said_but_that_behind_it_and_its_attributes_are() -> None:
    pen = Pen()
    pen.turned("31;44")
    assert pen.turned("32;44", blank=True) == ""
    assert pen.turned("32;45", blank=True) == "\x1b[45m"
    assert pen.turned("4;32;45", blank=True) == "\x1b[4;32m"
    assert pen.turned("32;45", blank=True) == "\x1b[0;32;45m"


def test_codes_are_understood_as_terminals_understand_them() -> None:
    assert look_of("1;7;38;5;200;48;2;1;2;3") == Look(("1", "7"), "38;5;200", "48;2;1;2;3")
    assert look_of("2;97;100") == Look(("2",), "97", "100")
    assert look_of("39;49") == Look()


codes = st.lists(
    st.sampled_from(["1", "3", "4", "7", "9", "31", "97", "39", "42", "101", "49", "38;2;1;2;3", "48;5;200"]),
    max_size=4,
).map(";".join)


@given(st.lists(codes, max_size=6))
def test_every_letter_looks_as_if_its_codes_had_been_said_to_a_plain_pen(looks: list[str]) -> None:
    pen = Pen()
    turned, plain = "", ""
    for each in looks:
        turned += f"{pen.turned(each)}x"
        plain += f"\x1b[0m\x1b[{each}mx" if each else "\x1b[0mx"
    screens = []
    for written in (turned, plain):
        screen = pyte.Screen(10, 1)
        pyte.Stream(screen).feed(written)
        screens.append([tuple(screen.buffer[0][x]) for x in range(10)])
    assert screens[0] == screens[1]
