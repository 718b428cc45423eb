"""The SGR encoder returns the shortest sequence."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.tui.terminal.sgr import SgrEncoder, SgrStyle, parse_codes


@pytest.mark.parametrize(
    ("before", "after", "sequence"),
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
def test_only_changes_are_encoded(before: str, after: str, sequence: str) -> None:
    encoder = SgrEncoder()
    encoder.encode(before)
    assert encoder.encode(after) == sequence


def test_the_foreground_of_spaces_is_not_encoded_but_their_background_and_attributes_are() -> None:
    encoder = SgrEncoder()
    encoder.encode("31;44")
    assert encoder.encode("32;44", blank=True) == ""
    assert encoder.encode("32;45", blank=True) == "\x1b[45m"
    assert encoder.encode("4;32;45", blank=True) == "\x1b[4;32m"
    assert encoder.encode("32;45", blank=True) == "\x1b[0;32;45m"


def test_codes_are_parsed_as_by_terminals() -> None:
    assert parse_codes("1;7;38;5;200;48;2;1;2;3") == SgrStyle(("1", "7"), "38;5;200", "48;2;1;2;3")
    assert parse_codes("2;97;100") == SgrStyle(("2",), "97", "100")
    assert parse_codes("39;49") == SgrStyle()


codes = st.lists(
    st.sampled_from(["1", "3", "4", "7", "9", "31", "97", "39", "42", "101", "49", "38;2;1;2;3", "48;5;200"]),
    max_size=4,
).map(";".join)


@given(st.lists(codes, max_size=6))
def test_every_character_has_the_style_of_its_codes(styles: list[str]) -> None:
    encoder = SgrEncoder()
    encoded, plain = "", ""
    for style in styles:
        encoded += f"{encoder.encode(style)}x"
        plain += f"\x1b[0m\x1b[{style}mx" if style else "\x1b[0mx"
    screens = []
    for written in (encoded, plain):
        screen = pyte.Screen(10, 1)
        pyte.Stream(screen).feed(written)
        screens.append([tuple(screen.buffer[0][x]) for x in range(10)])
    assert screens[0] == screens[1]
