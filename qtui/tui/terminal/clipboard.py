"""The clipboard of the terminal that the user sits at, also through ssh, tmux and screen (OSC 52)."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping

LIMIT = 74_994
"""How many bytes are sent at most: in base64 they just fit into what xterm takes, 100,000 characters."""

SCREEN_PIECE = 768
"""How many bytes GNU screen passes on at once."""

ESC = "\x1b"

_CONTROLS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - {ord("\t"), ord("\n")})


def pasteable(text: str) -> str:
    """The text without the control characters that could act when it is pasted into a shell."""
    return text.translate(_CONTROLS)


def sequence(text: str, environment: Mapping[str, str]) -> str:
    """What to write so that the terminal puts a text into its clipboard."""
    encoded = base64.b64encode(_at_most(text, LIMIT)).decode("ascii")
    plain = f"{ESC}]52;c;{encoded}\a"
    if environment.get("TMUX"):
        # tmux takes the plain sequence when set-clipboard is on and the wrapped one when allow-passthrough is on.
        return plain + f"{ESC}Ptmux;{plain.replace(ESC, ESC * 2)}{ESC}\\"
    if environment.get("STY") or environment.get("TERM", "").startswith("screen"):
        return "".join(f"{ESC}P{piece}{ESC}\\" for piece in _pieces(plain, SCREEN_PIECE))
    return plain


def fits(text: str) -> bool:
    """Whether the whole text can be sent."""
    return len(text.encode("utf-8", "replace")) <= LIMIT


def _at_most(text: str, limit: int) -> bytes:
    """The text as UTF-8, cut between two characters."""
    whole = text.encode("utf-8", "replace")
    return whole if len(whole) <= limit else whole[:limit].decode("utf-8", "ignore").encode("utf-8")


def _pieces(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))
