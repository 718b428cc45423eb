"""The way to draw images is chosen by the settings and the environment alone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from qtui.settings import ImageMode
from qtui.tui.terminal.image_mode import choose_image_mode

CELL = (10, 20)
XTERM = {"TERM": "xterm-256color"}


@pytest.mark.parametrize(
    ("environ", "mode"),
    [
        ({"TERM": "xterm-kitty"}, "kitty"),
        ({"TERM": "xterm-ghostty"}, "kitty"),
        ({"TERM": "wezterm"}, "iterm"),
        ({**XTERM, "KITTY_WINDOW_ID": "1"}, "kitty"),
        ({**XTERM, "TERM_PROGRAM": "iTerm.app"}, "iterm"),
        ({**XTERM, "TERM_PROGRAM": "WezTerm"}, "iterm"),
        ({**XTERM, "TERM_PROGRAM": "ghostty"}, "kitty"),
        ({**XTERM, "LC_TERMINAL": "iTerm2"}, "iterm"),
        ({**XTERM, "TERM_PROGRAM": "vscode", "KITTY_WINDOW_ID": "1"}, "blocks"),
        (XTERM, "blocks"),
    ],
)
def test_a_terminal_is_known_by_its_variables(environ: Mapping[str, str], mode: ImageMode) -> None:
    assert choose_image_mode("auto", environ, None).mode == mode


@pytest.mark.parametrize("setting", ["auto", "kitty", "iterm", "sixel"])
@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux"}, "tmux"),
        ({"TERM": "xterm-kitty", "STY": "1.pts"}, "GNU screen"),
        ({"TERM": "xterm-kitty", "ZELLIJ": "0"}, "Zellij"),
        ({"TERM": "tmux-256color", "LC_TERMINAL": "iTerm2"}, "tmux"),
        ({"TERM": "screen-256color", "LC_TERMINAL": "iTerm2"}, "a multiplexer"),
    ],
)
def test_inside_a_multiplexer_images_are_half_blocks(setting: ImageMode, environ: Mapping[str, str], name: str) -> None:
    choice = choose_image_mode(setting, environ, CELL)
    assert choice.mode == "blocks"
    assert f"because {name}" in choice.hint


def test_the_settings_come_before_the_environment() -> None:
    kitty = {"TERM": "xterm-kitty"}
    assert choose_image_mode("blocks", kitty, CELL) == ("blocks", "")
    assert choose_image_mode("off", kitty, CELL) == ("off", "")
    assert choose_image_mode("iterm", kitty, CELL) == ("iterm", "")
    assert choose_image_mode("sixel", XTERM, CELL) == ("sixel", "")


def test_sixel_needs_the_size_of_a_cell() -> None:
    choice = choose_image_mode("sixel", XTERM, None)
    assert choice.mode == "blocks"
    assert "pixels" in choice.hint


def test_half_blocks_say_how_to_get_pixels() -> None:
    assert "QTUI_IMAGES=kitty" in choose_image_mode("auto", XTERM, CELL).hint
