"""Resource limits for decoding one pickle; a pickle above a limit is refused with its name."""

from __future__ import annotations

from qtui.value_classes import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, kw_only=True)
class PickleLimits:
    """Resource limits for decoding one pickle."""

    file_bytes: int = 512 * MEBIBYTE
    """The size of the file."""
    steps: int = 20_000_000
    """Opcodes executed."""
    values: int = 2_000_000
    """Values of any kind sent by the child process."""
    nodes: int = 750_000
    """Lists, dicts and objects among them, which need much more memory than a number."""
    sent_bytes: int = 512 * MEBIBYTE
    """Bytes sent by the child process."""
    cells: int = 200_000_000
    """Elements of an array, an index or a range."""
    expanded_values: int = 1_000_000_000
    """Values if shared values are counted as often as they are referred to, as when printed."""
    depth: int = 800
    """Levels of nesting."""
    seconds: float = 20.0
    """CPU time of the child process; the wall-clock limit is three times that, for busy machines."""
    child_bytes: int = 256 * MEBIBYTE
    """Address space of the child process in addition to the file's content."""
