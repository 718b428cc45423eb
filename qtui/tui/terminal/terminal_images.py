"""The images on the terminal: sends them when their cells are drawn, and deletes them when they are removed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle

from qtui.settings import ImageMode
from qtui.tui.terminal.image_cells import cell_text, parse_cell
from qtui.tui.terminal.image_mode import ImageChoice
from qtui.tui.terminal.image_protocols import (
    EncodedImage,
    iterm_image,
    kitty_deletion,
    kitty_transmission,
    sixel_image,
)
from qtui.tui.terminal.sgr import Cell

MAX_IMAGES = 255
HALF_BLOCKS = ImageChoice("blocks")
DRAWINGS: dict[ImageMode, Callable[[EncodedImage], str]] = {"iterm": iterm_image, "sixel": sixel_image}
"""The protocols that draw an image at the cursor; text over it erases it."""


class TerminalImages:
    """Images with a number, which stand in the cells of `image_cells.cell_text`.

    kitty keeps an image by its number and draws it wherever its cells are. The other protocols draw at the cursor:
    there the cells are blank, and the image is drawn over them when all of them are visible.
    """

    def __init__(self, choice: ImageChoice = HALF_BLOCKS) -> None:
        self.mode: ImageMode = choice.mode
        self.hint = choice.hint
        """One line about a better way to draw images; empty if there is none."""
        self._numbers: Iterator[int] = cycle(range(1, MAX_IMAGES + 1))
        self._images: dict[int, EncodedImage] = {}
        self._sent: set[int] = set()
        """The images that kitty has."""
        self._removed: list[int] = []
        self._touched: dict[int, tuple[int, int]] = {}
        """The images with cells in this update, and the column and line of their first cell."""

    @property
    def draws_pixels(self) -> bool:
        """Whether the terminal draws images, instead of half blocks."""
        return self.mode in ("kitty", "iterm", "sixel")

    def add(self, image: EncodedImage) -> int:
        """Return the number of a new image."""
        number = next(number for number in self._numbers if number not in self._images)
        self._images[number] = image
        return number

    def remove(self, number: int) -> None:
        """Delete an image with the next update."""
        if self._images.pop(number, None) is not None and number in self._sent:
            self._removed.append(number)
            self._sent.discard(number)

    # Drawing an update

    def draw_cells(self, cells: Sequence[Cell], x: int, y: int) -> Sequence[Cell]:
        """Return the cells to write for these, which start at (x, y) and may be cells of images."""
        return [self._draw_cell(cell, column, y) for column, cell in enumerate(cells, x)]

    def _draw_cell(self, cell: Cell, x: int, y: int) -> Cell:
        place = parse_cell(cell[0]) if cell is not None and len(cell[0]) == 4 else None
        if cell is None or place is None:
            return cell
        if place.image not in self._images:
            return " ", ""
        self._touched[place.image] = x - place.column, y - place.row
        if self.mode != "kitty":
            return " ", ""
        # kitty reads the row and the column from two marks, and the number of the image from the colour.
        red, green, blue = self._kitty_number(place.image).to_bytes(3, "big")
        return cell[0][:3], f"38;2;{red};{green};{blue}"

    def before_cells(self) -> str:
        """Return the output before the cells of an update: deletions, and images that kitty does not have yet."""
        if self.mode != "kitty":
            return ""
        unsent = self._touched.keys() - self._sent
        deletions = [kitty_deletion(self._kitty_number(number)) for number in self._removed]
        images = [kitty_transmission(self._kitty_number(number), self._images[number]) for number in sorted(unsent)]
        self._sent |= unsent
        self._removed.clear()
        return "".join((*deletions, *images))

    def after_cells(self, cell_at: Callable[[int, int], Cell]) -> str:
        """Return the output after the cells of an update: images whose cells are all visible."""
        touched, self._touched = self._touched, {}
        draw = DRAWINGS.get(self.mode)
        if draw is None:
            return ""
        return "".join(
            f"\x1b[{y + 1};{x + 1}H{draw(self._images[number])}"
            for number, (x, y) in touched.items()
            if self._is_complete(number, x, y, cell_at)
        )

    def _is_complete(self, number: int, x: int, y: int, cell_at: Callable[[int, int], Cell]) -> bool:
        image = self._images[number]
        return all(
            cell_at(x + column, y + row) == (cell_text(number, row, column), "")
            for row in range(image.rows)
            for column in range(image.columns)
        )

    def forget(self) -> None:
        """Send the images again, after the terminal may have lost them."""
        self._removed += self._sent
        self._sent.clear()

    def delete_all(self) -> str:
        """Return what deletes all images from the terminal, before it is left; they are sent again when drawn."""
        numbers = [*self._removed, *self._sent]
        self._removed.clear()
        self._sent.clear()
        if self.mode == "kitty":
            return "".join(kitty_deletion(self._kitty_number(number)) for number in numbers)
        return "\x1b[2J" if self._images else ""

    def _kitty_number(self, number: int) -> int:
        """Return a number that no other program in the same terminal is likely to use."""
        return (os.getpid() & 0xFFFF) << 8 | number
