"""Rows of text that widgets render: pieces with a role each."""

from __future__ import annotations

from qtui.plot.pieces import Piece

__all__ = ["Piece"]
