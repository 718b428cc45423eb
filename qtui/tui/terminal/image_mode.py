"""Choice of the way to draw images, by the settings and the environment; the terminal is never queried for it."""

from __future__ import annotations

import fcntl
import os
import struct
import sys
import termios
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

from qtui.settings import ImageMode

MULTIPLEXERS = {"TMUX": "tmux", "STY": "GNU screen", "ZELLIJ": "Zellij"}
"""Variables that a terminal multiplexer sets, and its name."""
MULTIPLEXER_TERMS = {"tmux": "tmux", "screen": "a multiplexer"}
"""Starts of `TERM` inside a multiplexer; that is all that remains of it after ssh."""
MODES_OF_PROGRAMS: Mapping[str, ImageMode] = {
    "ghostty": "kitty",
    "kitty": "kitty",
    "iTerm.app": "iterm",
    "iTerm2": "iterm",
    "WezTerm": "iterm",
}
"""The protocol of a terminal by `TERM_PROGRAM` or `LC_TERMINAL`. WezTerm has no Unicode placeholders of kitty."""
MODES_OF_TERMS: Mapping[str, ImageMode] = {"kitty": "kitty", "ghostty": "kitty", "wezterm": "iterm"}
"""The protocol of a terminal by a part of `TERM`."""
PIXEL_HINT = "QTUI_IMAGES=kitty|iterm|sixel for pixels"


class ImageChoice(NamedTuple):
    """How images are drawn, and one line about a better way, or about why it is not used."""

    mode: ImageMode
    hint: str = ""


def choose_image_mode(
    setting: ImageMode, environ: Mapping[str, str], cell_pixels: tuple[int, int] | None
) -> ImageChoice:
    """Return how to draw images: as the settings say if the terminal can be reached, else in half blocks.

    `cell_pixels` is the size of a cell in pixels, if it is known; sixel images need it.
    """
    if setting in ("off", "blocks"):
        return ImageChoice(setting)
    multiplexer = multiplexer_name(environ)
    if multiplexer:
        return ImageChoice("blocks", f"half blocks, because {multiplexer} shows no pixels")
    mode = mode_by_environment(environ) if setting == "auto" else setting
    if mode == "sixel" and cell_pixels is None:
        return ImageChoice("blocks", "half blocks, because sixel needs a terminal that tells its size in pixels")
    return ImageChoice(mode, PIXEL_HINT if mode == "blocks" else "")


def multiplexer_name(environ: Mapping[str, str]) -> str:
    """Return the name of the multiplexer between the program and the terminal; empty without one."""
    names = [name for variable, name in MULTIPLEXERS.items() if environ.get(variable)]
    names += [name for start, name in MULTIPLEXER_TERMS.items() if environ.get("TERM", "").startswith(start)]
    return names[0] if names else ""


def mode_by_environment(environ: Mapping[str, str]) -> ImageMode:
    """Return the image protocol of the terminal; blocks if it is not known to have one."""
    term = environ.get("TERM", "")
    by_term = next((mode for part, mode in MODES_OF_TERMS.items() if part in term), None)
    if by_term is not None:
        return by_term
    # A terminal that was started from another one inherits the variables of that, but sets its own program.
    program = environ.get("TERM_PROGRAM") or environ.get("LC_TERMINAL", "")
    if program:
        return MODES_OF_PROGRAMS.get(program, "blocks")
    return "kitty" if environ.get("KITTY_WINDOW_ID") else "blocks"


def read_cell_pixels() -> tuple[int, int] | None:
    """Return width and height of a cell in pixels as the kernel knows them; None if the terminal told none."""
    if sys.__stderr__ is None:
        return None
    with suppress(OSError, ValueError):
        size = fcntl.ioctl(sys.__stderr__.fileno(), termios.TIOCGWINSZ, b"\0" * 8)
        rows, columns, width, height = struct.unpack("HHHH", size)
        if rows and columns and width >= columns and height >= rows:
            return width // columns, height // rows
    return None


def current_image_choice(setting: ImageMode) -> ImageChoice:
    """Return how to draw images on the terminal of this process."""
    return choose_image_mode(setting, os.environ, read_cell_pixels())
