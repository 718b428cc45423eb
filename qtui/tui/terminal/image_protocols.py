"""Escape sequences of the image protocols: kitty's graphics, iTerm2's inline images, and sixel."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import TYPE_CHECKING, NamedTuple

from qtui.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from qtui.plot.array_types import Bytes

KITTY_CHUNK_CHARS = 4096
"""Characters of base64 in one escape sequence at most, by the protocol of kitty."""
SIXEL_BAND_ROWS = 6
"""Rows of pixels in a line of sixels."""
MIN_RUN = 4
"""Equal sixels that are shorter as a run than one by one."""
_RUN = lazy_pattern(rb"(.)\1{%d,}" % (MIN_RUN - 1), re.DOTALL)


class EncodedImage(NamedTuple):
    """An image as the terminal reads it, and its size in cells."""

    data: str
    """The file in base64, or the sixels."""
    columns: int
    rows: int


def encode_file(file: bytes, columns: int, rows: int) -> EncodedImage:
    """Return an image file for the protocols of kitty and iTerm2."""
    return EncodedImage(b64encode(file).decode("ascii"), columns, rows)


def kitty_transmission(number: int, image: EncodedImage) -> str:
    """Return the sequences that send a PNG file to kitty, to be shown by its placeholders; no answer is requested."""
    chunks = [image.data[at : at + KITTY_CHUNK_CHARS] for at in range(0, len(image.data), KITTY_CHUNK_CHARS)] or [""]
    options = f"a=T,U=1,f=100,t=d,i={number},c={image.columns},r={image.rows},"
    parts = []
    for index, chunk in enumerate(chunks, 1):
        parts.append(f"\x1b_G{options}q=2,m={int(index < len(chunks))};{chunk}\x1b\\")
        options = ""
    return "".join(parts)


def kitty_deletion(number: int) -> str:
    """Return the sequence that deletes an image with its data; no answer is requested."""
    return f"\x1b_Ga=d,d=I,i={number},q=2\x1b\\"


def iterm_image(image: EncodedImage) -> str:
    """Return the sequence that draws an image file at the cursor."""
    size = f"width={image.columns};height={image.rows};preserveAspectRatio=1"
    return f"\x1b]1337;File=inline=1;{size};doNotMoveCursor=1:{image.data}\a"


def sixel_image(image: EncodedImage) -> str:
    """Return the sequence that draws sixels at the cursor; pixels without a colour stay as they are."""
    return f"\x1bP0;1q{image.data}\x1b\\"


def encode_sixels(palette: bytes, indices: bytes, width: int, columns: int, rows: int) -> EncodedImage:
    """Return sixels of an image with one index of the palette, which is RGB bytes, for each pixel."""
    import numpy as np

    pixels = np.frombuffer(indices, dtype=np.uint8).reshape(-1, width)
    colours = [palette[at : at + 3] for at in range(0, len(palette), 3)]
    registers = "".join(
        f"#{index};2;" + ";".join(str(round(level * 100 / 255)) for level in colour)
        for index, colour in enumerate(colours)
    )
    bands = [_sixel_band(pixels[top : top + SIXEL_BAND_ROWS]) for top in range(0, pixels.shape[0], SIXEL_BAND_ROWS)]
    return EncodedImage(f'"1;1;{width};{pixels.shape[0]}{registers}{"-".join(bands)}', columns, rows)


def _sixel_band(pixels: Bytes) -> str:
    """Return a line of sixels: one pass over the line for each of its colours."""
    import numpy as np

    weights = (1 << np.arange(pixels.shape[0], dtype=np.uint8))[:, None]
    passes = []
    for colour in np.unique(pixels):
        sixels = ((pixels == colour) * weights).sum(axis=0, dtype=np.uint8) + np.uint8(63)
        passes.append(f"#{colour}{_RUN.sub(_encode_run, sixels.tobytes()).decode('ascii')}")
    return "$".join(passes)


def _encode_run(match: re.Match[bytes]) -> bytes:
    return b"!%d%c" % (len(match[0]), match[0][0])
