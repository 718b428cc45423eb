"""The colours that are sent to terminals with all, with 256 and with 16 colours."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.pty.terminal import Terminal

SGR = re.compile(rb"\x1b\[([\d;]*)m")
GREYS_256 = range(234, 239)
LIGHT_GREYS_256 = (*range(250, 256), 231)
BROWSE = (
    ("G", "space", "g", "j", "j"),
    ("1",),
    ("3", "]", "]"),
    ("?",),
    ("escape", ":"),
    ("escape", "2", "/"),
    ("escape", "!"),
)
"""Keys that show the table, all panes, the help, the palette, the filter and a dialog."""


@contextmanager
def browse(sample: Path, *options: str, background: str = "1010/1010/1010", **environment: str) -> Iterator[Terminal]:
    """Visit the screens of the program, in a terminal whose colours are known from its environment only."""
    arguments = ["-m", "qtui", "--uri", str(sample), *options]
    environment = {"COLORTERM": "", **environment}
    with Terminal(arguments, columns=120, lines=36, environment=environment, background=background) as terminal:
        terminal.wait_until_loaded("transformer-")
        for keys in BROWSE:
            terminal.press(*keys)
            terminal.wait_until_quiet()
        terminal.press("escape")
        terminal.press("2")
        terminal.wait_until_quiet()
        yield terminal


def codes_of(output: bytes) -> Iterator[tuple[int, ...]]:
    """Yield the codes of every change of style with their parameters: `(1,)`, `(48, 5, 235)`."""
    for match in SGR.findall(output):
        codes = [int(code or 0) for code in match.split(b";")]
        while codes:
            length = {2: 5, 5: 3}[codes[1]] if codes[0] in (38, 48) else 1
            yield tuple(codes[:length])
            codes = codes[length:]


def surfaces(output: bytes) -> set[int]:
    """Return the background colours (of 256) that are used several times; that of a text cursor is used once."""
    used = Counter(codes[2] for codes in codes_of(output) if codes[:2] == (48, 5))
    return {number for number, times in used.items() if times > 4}


def cells_of(terminal: Terminal, text: str) -> list[object]:
    """Return the cells of a text on the screen."""
    x, y = terminal.place_of(text)
    return [terminal.screen.buffer[y][x + index] for index in range(len(text))]


@pytest.mark.parametrize("theme", [(), ("--theme", "forest")], ids=["auto", "forest"])
def test_with_256_colours_dark_surfaces_and_the_line_under_the_cursor_are_different_greys(
    sample: Path, theme: Sequence[str]
) -> None:
    with browse(sample, *theme, TERM="xterm-256color") as terminal:
        kinds = {codes[:2] for codes in codes_of(bytes(terminal.output)) if codes[0] in (38, 48)}
        assert kinds == {(38, 5), (48, 5)}
        assert surfaces(bytes(terminal.output)) <= set(GREYS_256)
        assert len(surfaces(bytes(terminal.output))) >= 3
        x, y = terminal.place_of("transformer-d128-24")
        assert len({terminal.screen.buffer[line][x].bg for line in range(y - 1, y + 4)}) == 2


def test_with_256_colours_light_surfaces_are_different_greys(sample: Path) -> None:
    with browse(sample, background="ffff/ffff/ffff", TERM="screen-256color") as terminal:
        assert surfaces(bytes(terminal.output)) <= set(LIGHT_GREYS_256)
        assert len(surfaces(bytes(terminal.output))) >= 3


@pytest.mark.parametrize(
    ("theme", "background"),
    [((), "1010/1010/1010"), ((), "ffff/ffff/ffff"), (("--theme", "night"), ""), (("--theme", "day"), "")],
    ids=["auto on dark", "auto on light", "night", "day"],
)
def test_with_16_colours_selections_are_reversed_or_underlined(
    sample: Path, theme: Sequence[str], background: str
) -> None:
    with browse(sample, *theme, background=background, TERM="xterm") as terminal:
        assert not [codes for codes in codes_of(bytes(terminal.output)) if codes[0] in (38, 48)]
        assert all(cell.reverse for cell in cells_of(terminal, "transformer-d128-24"))
        assert all(cell.underscore and not cell.reverse for cell in cells_of(terminal, "All experiments"))
        assert not any(cell.reverse or cell.underscore for cell in cells_of(terminal, "transformer-d64-25"))
        backgrounds = {cell.bg for line in terminal.screen.buffer.values() for cell in line.values()}
        assert theme or backgrounds == {"default"}
        terminal.press("1")
        terminal.wait_until_quiet()
        assert all(cell.reverse for cell in cells_of(terminal, "All experiments"))
        assert all(cell.underscore and not cell.reverse for cell in cells_of(terminal, "transformer-d128-24"))


def test_with_all_colours_every_colour_is_sent_as_rgb(sample: Path) -> None:
    with browse(sample, TERM="xterm", COLORTERM="truecolor") as terminal:
        kinds = {codes[:2] for codes in codes_of(bytes(terminal.output)) if codes[0] in (38, 48)}
        assert kinds == {(38, 2), (48, 2)}
