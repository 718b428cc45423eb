"""How much one pickle may cost; what needs more is refused with the name of the limit."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The budgets of decoding one pickle."""

    file_bytes: int = 512 * MEBIBYTE
    """The size of the file."""
    steps: int = 20_000_000
    """How many opcodes are run."""
    values: int = 2_000_000
    """How many values, of any kind, are sent back from the child process."""
    nodes: int = 750_000
    """How many of these may be lists, dicts or objects, each of which takes much more memory than a number."""
    sent_bytes: int = 512 * MEBIBYTE
    """How many bytes are sent back from the child process."""
    cells: int = 200_000_000
    """How many elements an array, an index or a range may have."""
    written_out: int = 1_000_000_000
    """How many values there may be if each is counted as often as others refer to it, as in a text of them all."""
    depth: int = 800
    """How deep values may lie in one another."""
    seconds: float = 20.0
    """How long the child process may compute; by the clock it may take three times as long, on a busy machine."""
    child_bytes: int = 256 * MEBIBYTE
    """How much address space the child process may have, beside what the file itself needs."""
