"""The escape sequences for the clipboard, and how terminals decode them."""

from __future__ import annotations

import base64
import re

import pytest

from qtui.tui.terminal.clipboard import MAX_CLIPBOARD_BYTES, SCREEN_CHUNK_BYTES, copy_sequence, fits, strip_controls

PLAIN = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def clipboard(written: str) -> list[str]:
    """Return the texts that a terminal copies."""
    return [base64.b64decode(match).decode("utf-8") for match in PLAIN.findall(written)]


def through_tmux(written: str) -> str:
    """Return the sequences that tmux passes through."""
    return "".join(
        match.replace("\x1b\x1b", "\x1b") for match in re.findall(r"\x1bPtmux;(.*?[^\x1b])\x1b\\", written, re.S)
    )


def through_screen(written: str) -> str:
    """Return the sequences that GNU screen passes through."""
    return "".join(re.findall(r"\x1bP(.*?)\x1b\\", written, re.S))


@pytest.mark.parametrize("text", ["", "8b2f0c", "因子 α\n\tline two", "x" * 5000])
def test_the_terminal_receives_the_text(text: str) -> None:
    assert clipboard(copy_sequence(text, {"TERM": "xterm-256color"})) == [text]


@pytest.mark.parametrize("text", ["8b2f0c", "因子 α", "x" * 5000])
def test_tmux_and_its_terminal_receive_the_text(text: str) -> None:
    written = copy_sequence(text, {"TMUX": "/tmp/tmux,1,0", "TERM": "tmux-256color"})
    assert clipboard(through_tmux(written)) == [text]
    assert clipboard(written.partition("\x1bP")[0]) == [text]


@pytest.mark.parametrize("environment", [{"STY": "1.tty", "TERM": "xterm"}, {"TERM": "screen.xterm-256color"}])
@pytest.mark.parametrize("text", ["8b2f0c", "因子 α", "x" * 5000])
def test_the_terminal_of_gnu_screen_receives_the_text_in_chunks(text: str, environment: dict[str, str]) -> None:
    written = copy_sequence(text, environment)
    assert clipboard(through_screen(written)) == [text]
    assert all(len(piece) <= SCREEN_CHUNK_BYTES for piece in re.findall(r"\x1bP(.*?)\x1b\\", written, re.S))


def test_a_text_that_is_too_long_is_cut_between_two_characters() -> None:
    text = "因" * MAX_CLIPBOARD_BYTES
    [copied] = clipboard(copy_sequence(text, {}))
    assert not fits(text)
    assert text.startswith(copied)
    assert len(copied.encode()) <= MAX_CLIPBOARD_BYTES


def test_control_characters_are_not_copied() -> None:
    hostile = "rm\x1b[201~ -rf\r\x00\x9b31m\x7f ~\n"
    assert strip_controls(hostile) == "rm[201~ -rf31m ~\n"
