"""The clipboard of the user's terminal by OSC 52, which works through ssh, tmux and GNU screen."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping

MAX_CLIPBOARD_BYTES = 74_994
"""Bytes that are sent at most: base64-encoded they just fit the 100,000 characters that xterm accepts."""

SCREEN_CHUNK_BYTES = 768
"""Bytes that GNU screen passes through in one sequence."""

ESC = "\x1b"

_CONTROLS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - {ord("\t"), ord("\n")})


def strip_controls(text: str) -> str:
    """Remove the control characters that could act when the text is pasted into a shell."""
    return text.translate(_CONTROLS)


def copy_sequence(text: str, environment: Mapping[str, str]) -> str:
    """Return the escape sequence that copies a text to the clipboard, wrapped for tmux or GNU screen if needed."""
    encoded = base64.b64encode(_encode_prefix(text, MAX_CLIPBOARD_BYTES)).decode("ascii")
    plain = f"{ESC}]52;c;{encoded}\a"
    if environment.get("TMUX"):
        # tmux accepts the plain sequence with set-clipboard on and the wrapped one with allow-passthrough on.
        return plain + f"{ESC}Ptmux;{plain.replace(ESC, ESC * 2)}{ESC}\\"
    if environment.get("STY") or environment.get("TERM", "").startswith("screen"):
        return "".join(f"{ESC}P{chunk}{ESC}\\" for chunk in _chunks(plain, SCREEN_CHUNK_BYTES))
    return plain


def fits(text: str) -> bool:
    """Return whether the whole text can be copied."""
    return len(text.encode("utf-8", "replace")) <= MAX_CLIPBOARD_BYTES


def _encode_prefix(text: str, max_bytes: int) -> bytes:
    """Return the text in UTF-8, cut between two characters if it is too long."""
    encoded = text.encode("utf-8", "replace")
    return encoded if len(encoded) <= max_bytes else encoded[:max_bytes].decode("utf-8", "ignore").encode("utf-8")


def _chunks(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))
