"""Images as half blocks."""

from __future__ import annotations

import pytest
from textual.geometry import Size

from qtui.tui.widgets.artifact.image_widget import fit_pixels, half_block_strips

RED, BLUE = b"\xff\x00\x00", b"\x00\x00\xff"


@pytest.mark.parametrize(
    ("image", "pixels"),
    [((400, 200), (80, 40)), ((200, 400), (24, 48)), ((10, 10), (40, 40)), ((1, 1), (48, 48)), ((5000, 1), (80, 2))],
)
def test_an_image_keeps_its_shape_and_fits(image: tuple[int, int], pixels: tuple[int, int]) -> None:
    assert fit_pixels(image, Size(80, 24)) == pixels


def test_two_rows_of_pixels_are_one_line_and_equal_neighbours_one_segment() -> None:
    (strip,) = half_block_strips(RED + RED + BLUE + BLUE + BLUE + BLUE, 3, 2)
    assert [segment.text for segment in strip] == ["▀▀", "▀"]
    styles = [segment.style for segment in strip if segment.style is not None]
    assert styles[0].color is not None and styles[0].color.get_truecolor().hex == "#ff0000"
    assert styles[0].bgcolor is not None and styles[0].bgcolor.get_truecolor().hex == "#0000ff"
