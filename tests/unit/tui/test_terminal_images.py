"""Images on the terminal: sent with their cells, kept below dialogs, deleted when they are removed."""

from __future__ import annotations

import base64
import io
import re

import pytest
from PIL import Image
from rich.console import Console
from rich.segment import Segment
from textual._compositor import LayoutUpdate
from textual.geometry import Region, Size
from textual.strip import Strip

from qtui.artifacts.image_file import open_image
from qtui.settings import ImageMode
from qtui.text import display
from qtui.tui.terminal.cell_cache import CellCache
from qtui.tui.terminal.image_cells import MAX_SIDE_CELLS, cell_text, marks, parse_cell
from qtui.tui.terminal.image_mode import ImageChoice
from qtui.tui.terminal.image_protocols import (
    SIXEL_BAND_ROWS,
    EncodedImage,
    encode_file,
    encode_sixels,
    iterm_image,
    kitty_transmission,
    sixel_image,
)
from qtui.tui.terminal.terminal_images import TerminalImages
from qtui.tui.terminal.updates import minimal_update
from qtui.tui.widgets.artifact.image_widget import encode_image, fit_image, image_strips
from tests.unit.artifacts.sources import source_of

CONSOLE = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor")
KITTY = re.compile(r"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\")
FILE = bytes(range(256)) * 20
PIXEL_MODES: tuple[ImageMode, ...] = ("kitty", "iterm", "sixel")


class Canvas:
    """A terminal of 12 x 4 cells with an image of 4 x 2 cells at (3, 1)."""

    def __init__(self, mode: ImageMode) -> None:
        self.images = TerminalImages(ImageChoice(mode))
        self.cache = CellCache(self.images)
        self.number = self.images.add(encode_file(FILE, 4, 2))

    def draw(self, *, has_image: bool = True, dialog: str = "") -> str:
        """Draw the screen; a dialog has a line over the lower part of the image."""
        blank = Strip([Segment(" " * 12)])
        strips = [blank] * 4
        if has_image:
            for line, strip in enumerate(image_strips(self.number, 4, 2), 1):
                strips[line] = Strip([Segment("   "), *strip, Segment("     ")])
        if dialog:
            left, _, right = strips[2].divide([5, 5 + len(dialog), 12])
            strips[2] = Strip([*left, Segment(dialog), *right])
        update = LayoutUpdate([[strip] for strip in strips], Region(0, 0, 12, 4))
        written: str = minimal_update(update, self.cache).render_segments(CONSOLE)
        return written


def test_kitty_gets_the_file_once_and_its_cells() -> None:
    canvas = Canvas("kitty")
    written = canvas.draw()
    parts = KITTY.findall(written)
    assert parts[0][0].startswith("a=T,U=1,f=100,t=d,i=")
    assert "c=4,r=2,q=2,m=1" in parts[0][0]
    assert [options for options, _ in parts[1:]] == ["q=2,m=0"]
    assert base64.b64decode("".join(data for _, data in parts)) == FILE
    assert all(len(data) <= 4096 for _, data in parts)
    number = int(parts[0][0].partition("i=")[2].partition(",")[0])
    red, green, blue = number.to_bytes(3, "big")
    assert f"38;2;{red};{green};{blue}m" in written
    cells = "".join(KITTY.sub("", written))
    assert cells.count("\U0010eeee") == 8
    assert f"\U0010eeee{marks()[1]}{marks()[3]}" in cells
    assert canvas.draw() == ""


def test_kitty_deletes_an_image_with_its_cells() -> None:
    canvas = Canvas("kitty")
    canvas.draw()
    canvas.images.remove(canvas.number)
    written = canvas.draw(has_image=False)
    assert [options.startswith("a=d,d=I,i=") for options, _ in KITTY.findall(written)] == [True]
    assert "\U0010eeee" not in written


def test_kitty_gets_the_file_again_after_the_screen_was_lost_or_left() -> None:
    canvas = Canvas("kitty")
    canvas.draw()
    canvas.cache.invalidate()
    assert "a=T" in canvas.draw()
    assert "a=d,d=I" in canvas.images.delete_all()
    canvas.cache.invalidate()
    assert "a=T" in canvas.draw()


def test_kitty_keeps_an_image_below_a_dialog() -> None:
    canvas = Canvas("kitty")
    canvas.draw()
    assert not KITTY.search(canvas.draw(dialog="ok"))
    uncovered = canvas.draw()
    assert not KITTY.search(uncovered)
    assert uncovered.count("\U0010eeee") == 2


@pytest.mark.parametrize(("mode", "start"), [("iterm", "\x1b]1337;File=inline=1;"), ("sixel", "\x1bP0;1q")])
def test_an_image_is_drawn_at_its_place_after_the_cells(mode: ImageMode, start: str) -> None:
    canvas = Canvas(mode)
    written = canvas.draw()
    assert written.count(start) == 1
    assert f"\x1b[2;4H{start}" in written
    assert written.endswith(("\a", "\x1b\\"))
    assert base64.b64encode(FILE).decode() in written
    assert "\U0010eeee" not in written
    assert canvas.draw() == ""


@pytest.mark.parametrize("mode", ["iterm", "sixel"])
def test_an_image_is_drawn_again_when_a_dialog_over_it_has_closed(mode: ImageMode) -> None:
    canvas = Canvas(mode)
    canvas.draw()
    opened = canvas.draw(dialog="ok")
    assert "ok" in opened and len(opened) < 100
    assert base64.b64encode(FILE).decode() in canvas.draw()


@pytest.mark.parametrize("mode", ["iterm", "sixel"])
def test_blanks_erase_an_image_that_was_removed(mode: ImageMode) -> None:
    canvas = Canvas(mode)
    canvas.draw()
    canvas.images.remove(canvas.number)
    assert canvas.draw(has_image=False) == "\x1b[2;4H    \x1b[3;4H    "


def test_a_removed_image_leaves_no_placeholders() -> None:
    for mode in PIXEL_MODES:
        canvas = Canvas(mode)
        canvas.images.remove(canvas.number)
        assert "\U0010eeee" not in canvas.draw()


def test_the_image_of_a_cell_is_in_its_text() -> None:
    assert len(marks()) == len(set(marks())) == MAX_SIDE_CELLS
    assert parse_cell(cell_text(7, 0, MAX_SIDE_CELLS - 1)) == (7, 0, MAX_SIDE_CELLS - 1)
    assert parse_cell("text") is None


def test_a_text_of_a_store_draws_no_image() -> None:
    assert display(cell_text(1, 0, 0)).startswith("<10EEEE>")


def test_an_empty_file_is_one_sequence() -> None:
    assert kitty_transmission(1, encode_file(b"", 1, 1)).count("\x1b_G") == 1


def test_an_image_fits_into_cells_of_other_shapes() -> None:
    assert fit_image((400, 200), Size(80, 24), (10, 20)) == (80, 20, (800, 400), (800, 400))
    assert fit_image((1000, 1000), Size(80, 24), (8, 16)) == (48, 24, (384, 384), (384, 384))
    assert fit_image((15, 9), Size(3, 1), (10, 20)) == (3, 1, (30, 18), (30, 20))
    assert fit_image((1, 1), Size(1000, 1000), (10, 20)).columns <= MAX_SIDE_CELLS


@pytest.mark.parametrize("area", [Size(119, 38), Size(5, 1), Size(60, 7)])
@pytest.mark.parametrize("image", [(1500, 1000), (40, 3000), (3000, 40), (48, 48), (7, 5)])
@pytest.mark.parametrize("cell", [(8, 17), (10, 20), (9, 18)])
def test_sixels_cover_their_cells_and_reach_into_no_others(
    image: tuple[int, int], area: Size, cell: tuple[int, int]
) -> None:
    columns, rows, (width, height), canvas = fit_image(image, area, cell, SIXEL_BAND_ROWS)
    assert columns <= area.width and rows <= area.height
    assert canvas[1] % SIXEL_BAND_ROWS == 0
    assert width <= canvas[0] == columns * cell[0]
    assert height <= canvas[1] <= rows * cell[1] < canvas[1] + SIXEL_BAND_ROWS


def test_sixels_are_the_pixels() -> None:
    palette = bytes([255, 0, 0, 0, 0, 255, 0, 255, 0])
    rows = [[0, 0, 0, 0, 0, 1], [2, 1, 0, 1, 2, 2]] * 4
    image = encode_sixels(palette, bytes(index for row in rows for index in row), 6, 1, 1)
    assert image.data.startswith('"1;1;6;8#0;2;100;0;0#1;2;0;0;100#2;2;0;100;0')
    assert decoded_sixels(image.data) == rows


def kitty_pixels(image: EncodedImage) -> list[list[tuple[int, ...]]]:
    """Return the colours that kitty shows: those of the file in all parts together."""
    parts = KITTY.findall(kitty_transmission(7, image))
    assert [options.partition("m=")[2] for options, _ in parts] == [*["1"] * (len(parts) - 1), "0"]
    return file_pixels("".join(data for _, data in parts))


def iterm_pixels(image: EncodedImage) -> list[list[tuple[int, ...]]]:
    """Return the colours of the file that iTerm2 gets."""
    match = re.fullmatch(r"\x1b]1337;File=inline=1;width=(\d+);height=(\d+);[^:]*:([^\a]*)\a", iterm_image(image))
    assert match is not None and (int(match[1]), int(match[2])) == (image.columns, image.rows)
    return file_pixels(match[3])


def sixel_pixels(image: EncodedImage) -> list[list[tuple[int, ...]]]:
    """Return the colours of the registers that the sixels choose."""
    match = re.fullmatch(r"\x1bP0;1q([^\x1b]*)\x1b\\", sixel_image(image))
    assert match is not None
    registers = {
        int(number): tuple(round(int(level) * 255 / 100) for level in levels)
        for number, *levels in re.findall(r"#(\d+);2;(\d+);(\d+);(\d+)", match[1])
    }
    return [[registers[number] for number in row] for row in decoded_sixels(match[1])]


def file_pixels(data: str) -> list[list[tuple[int, ...]]]:
    with Image.open(io.BytesIO(base64.b64decode(data))) as image:
        width, height = image.size
        opaque = image.convert("RGB")
        return [[opaque.getpixel((column, row)) for column in range(width)] for row in range(height)]


DECODERS = {"kitty": kitty_pixels, "iterm": iterm_pixels, "sixel": sixel_pixels}


@pytest.mark.parametrize("mode", PIXEL_MODES)
def test_the_pixels_of_an_image_arrive_on_the_background(mode: ImageMode) -> None:
    image = Image.new("RGBA", (60, 42), (0, 0, 0, 0))
    image.paste((250, 20, 20, 255), (0, 0, 30, 42))
    image.paste((20, 20, 250, 255), (30, 0, 60, 21))
    file = io.BytesIO()
    image.save(file, "PNG")
    background = (10, 120, 60)
    fit = fit_image(image.size, Size(8, 3), (10, 20), SIXEL_BAND_ROWS)
    pixels = DECODERS[mode](encode_image(open_image(source_of(file.getvalue()), "PNG"), fit, mode, background))
    assert (len(pixels[0]), len(pixels)) == fit.canvas == (60, 60)
    for (column, row), colour in {
        (0, 30): (250, 20, 20),
        (59, 10): (20, 20, 250),
        (59, 50): background,
        (30, 0): background,
        (30, 59): background,
    }.items():
        assert pixels[row][column] == pytest.approx(colour, abs=2)


def decoded_sixels(data: str) -> list[list[int]]:
    """Return the colours of the pixels that sixels draw."""
    height, width = (int(part) for part in re.findall(r"\d+", data)[3:1:-1])
    pixels = [[-1] * width for _ in range(height)]
    body = re.sub(r"#\d+;2;\d+;\d+;\d+", "", data.partition("#")[1] + data.partition("#")[2])
    for band, line in enumerate(body.split("-")):
        for colour, sixels in re.findall(r"#(\d+)([^#$]*)", line):
            expanded = re.sub(r"!(\d+)(.)", lambda run: run[2] * int(run[1]), sixels)
            for column, sixel in enumerate(expanded):
                for bit in range(6):
                    if ord(sixel) - 63 >> bit & 1:
                        pixels[band * 6 + bit][column] = int(colour)
    return pixels
