"""Images in real terminals: drawn by the protocol of the terminal, and deleted when they are left."""

from __future__ import annotations

import base64
import io
import re
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from tests.pty.terminal import Terminal
from tests.stores.files.tree import Tree

PROGRAM = ("-m", "qtui")
KITTY = re.compile(rb"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\")
ITERM = re.compile(rb"\x1b\]1337;File=([^:]*):([^\x07]*)\x07")
SIXEL = re.compile(rb"\x1bP0;1q([^\x1b]*)\x1b\\")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a run whose only artifact is an image of 30 x 20 pixels."""
    root = tmp_path_factory.mktemp("images") / "mlruns"
    tree = Tree(root)
    tree.experiment()
    run = tree.run("painter")
    folder = run / "artifacts"
    folder.mkdir(exist_ok=True)
    Image.new("RGB", (30, 20), (200, 30, 30)).save(folder / "red.png")
    return root


def opened(store: Path, environment: Mapping[str, str], cell_pixels: tuple[int, int] = (10, 20)) -> Terminal:
    """Return a terminal that shows the image."""
    terminal = Terminal(
        [*PROGRAM, "--uri", str(store)],
        columns=100,
        lines=30,
        environment=environment,
        cell_pixels=cell_pixels,
    )
    terminal.wait_for("painter")
    terminal.wait_until_quiet()
    terminal.press("3", "[", "z")
    terminal.wait_for("red.png")
    terminal.press("enter")
    terminal.wait_for("PNG 30 × 20")
    terminal.wait_until_quiet()
    return terminal


def image_of(data: bytes) -> Image.Image:
    """Return the image of a file in base64."""
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_kitty_shows_an_image_and_deletes_it_when_it_is_left_or_suspended(store: Path) -> None:
    with opened(store, {"TERM": "xterm-kitty"}) as terminal:
        options, data = [match for match in KITTY.findall(terminal.output) if match[0].startswith(b"a=T")][-1]
        assert options.startswith(b"a=T,U=1,f=100")
        assert b"q=2" in options
        assert image_of(data).size == (810, 540)
        assert image_of(data).convert("RGB").getpixel((0, 0)) == (200, 30, 30)
        assert "\U0010eeee" in terminal.text

        terminal.output.clear()
        terminal.press("?")
        terminal.wait_for("other-view")
        terminal.press("escape")
        terminal.wait_for("PNG 30 × 20")
        assert "\U0010eeee" in terminal.text
        assert b"a=d" not in terminal.output

        terminal.resize(80, 24)
        terminal.wait_for(lambda terminal: b"a=T" in terminal.output)
        terminal.wait_until_quiet()
        terminal.output.clear()
        terminal.press("escape")
        terminal.wait_for("Details")
        assert b"a=d,d=I" in terminal.output
        terminal.press("enter")
        terminal.wait_for(lambda terminal: b"a=T" in terminal.output)
        terminal.wait_until_quiet()
        terminal.output.clear()
        terminal.press("ctrl+z")
        terminal.wait_until_stopped()
        assert b"a=d,d=I" in terminal.output
        terminal.signal(signal.SIGCONT)
        terminal.wait_for(lambda terminal: b"a=T" in terminal.output)
        terminal.wait_until_quiet()
        terminal.output.clear()
        terminal.press("ctrl+q")
        assert terminal.wait_for_end() == 0
        assert b"a=d,d=I" in terminal.output
        assert terminal.output.index(b"a=d,d=I") < terminal.output.index(b"\x1b[?1049l")
        assert terminal.is_restored


def test_an_image_is_drawn_inline_and_again_after_the_pager(store: Path, tmp_path: Path) -> None:
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho paging\nread answer\n")
    pager.chmod(0o700)
    with opened(store, {"TERM_PROGRAM": "iTerm.app", "PAGER": str(pager)}) as terminal:
        options, data = ITERM.findall(terminal.output)[-1]
        assert b"inline=1" in options
        assert b"doNotMoveCursor=1" in options
        assert image_of(data).size == (810, 540)
        assert "\U0010eeee" not in terminal.text
        terminal.press("o")
        terminal.wait_for("paging")
        terminal.output.clear()
        terminal.press("enter")
        terminal.wait_for(lambda terminal: bool(ITERM.search(terminal.output)))
        terminal.press("q", "q")
        assert terminal.wait_for_end() == 0
        assert terminal.is_restored


def test_sixels_are_drawn_on_request_in_the_pixels_of_the_terminal(store: Path) -> None:
    with opened(store, {"QTUI_IMAGES": "sixel"}) as terminal:
        assert b'"1;1;810;540' in SIXEL.findall(terminal.output)[-1]
        terminal.press("ctrl+q")
        assert terminal.wait_for_end() == 0


def test_inside_tmux_images_are_half_blocks(store: Path) -> None:
    environment = {"TERM": "xterm-kitty", "TMUX": "/tmp/tmux-0/default,1,0", "QTUI_IMAGES": "sixel"}
    with opened(store, environment) as terminal:
        assert "▀" in terminal.text
        assert "because tmux shows no pixels" in terminal.text
        assert not any(pattern.search(terminal.output) for pattern in (KITTY, ITERM, SIXEL))
