"""Pieces of text with a role: the rows of a picture."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Piece(NamedTuple):
    """A part of a row, and the role that colours it, such as `run-3`, `axis` or `muted`."""

    text: str
    role: str = "text"


Row: TypeAlias = tuple[Piece, ...]
