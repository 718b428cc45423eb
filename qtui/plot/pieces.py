"""Pieces of text with a role, which says how they are coloured: the rows of a picture."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

DIM_SUFFIX = "-dim"
"""Ends the role of a raw curve behind its smoothed one."""

BAND_SUFFIX = "-band"
"""Ends the role of a band around a mean."""

RUN_COLOURS_ON_LIGHT = ("#0072b2", "#c17500", "#009159", "#b3236c", "#817a32", "#b92c06", "#4f46b8", "#587a8a")
"""The colours of the roles `run-0` to `run-7` on a light background.

They are near those of Okabe and Ito and stay apart in the common kinds of colour blindness.
"""


class Piece(NamedTuple):
    """A part of a row, and the role that colours it, such as `run-3`, `axis` or `muted`."""

    text: str
    role: str = "text"


Row: TypeAlias = tuple[Piece, ...]
