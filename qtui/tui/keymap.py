"""The `[keys]` table of the settings, and the notation of keys."""

from __future__ import annotations

from collections.abc import Mapping

from textual.keys import Keys, format_key, key_to_character

from qtui.lazy_pattern import lazy_pattern
from qtui.tui.commands import all_commands, command_by_id

MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})
NAMED_KEYS = frozenset(key.value.rpartition("+")[2] for key in Keys) | {
    *("space", "minus", "comma", "plus", "slash", "at", "backslash", "underscore")
}

_COMMAND_ID = lazy_pattern(r"{([a-z-]+)}")

RENAMED_IDS = {
    "copy-run-id": "copy-id",
    "copy-curve-run": "copy-id",
    "copy-experiment-id": "copy-id",
    "copy-detail": "copy-value",
    "copy-reading": "copy-value",
    "copy-chart-value": "copy-value",
    "copy-experiment-name": "copy-value",
    "move-down": "cursor-down",
    "move-up": "cursor-up",
    "move-to-top": "scroll-home",
    "move-to-bottom": "scroll-end",
    "scroll-left": "previous-column",
    "scroll-right": "next-column",
    "first-place": "first-point",
    "last-place": "last-point",
    "log-scale": "logarithmic-y-axis",
    "log-places": "logarithmic-x-axis",
    "switch-places": "switch-x-axis",
    "type-limits": "set-axis-limits",
    "move-to-right": "toggle-right-axis",
    "bring-out": "highlight-curve",
    "chart-right": "next-chart",
    "chart-left": "previous-chart",
    "charts-down": "next-chart-page",
    "charts-up": "previous-chart-page",
    "read-right": "x-cursor-right",
    "read-left": "x-cursor-left",
    "read-far-right": "x-cursor-far-right",
    "read-far-left": "x-cursor-far-left",
}
"""Command IDs of earlier versions, which stay accepted in the settings, and their present names."""


def resolve(keys: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the keymap for Textual, and a message for each setting that cannot be used."""
    keymap: dict[str, str] = {}
    problems: list[str] = []
    for name, key_list in keys.items():
        problem = _problem_with(name, key_list)
        if problem:
            problems.append(f"The settings, [keys]: {problem}")
        elif name not in RENAMED_IDS:
            keymap[name] = key_list
        elif RENAMED_IDS[name] not in keys:
            keymap[RENAMED_IDS[name]] = key_list
    return keymap, tuple(problems)


def _problem_with(name: str, key_list: str) -> str | None:
    """Return what is wrong with a setting, or None."""
    commands = all_commands()
    if name not in commands and name not in RENAMED_IDS:
        from difflib import get_close_matches

        similar = get_close_matches(name, commands, n=1)
        return f"there is no command {name!r}." + (f" Did you mean {similar[0]!r}?" if similar else "")
    for key in key_list.split(","):
        *modifiers, last = key.strip().split("+") if len(key.strip()) > 1 else [key.strip()]
        if not set(modifiers) <= MODIFIERS or not _is_key(last):
            return f"{key.strip()!r} for {name!r} is not a key; write it like 's', 'ctrl+s' or 'f5'."
    return None


def _is_key(name: str) -> bool:
    """Return whether a terminal can send a key of this name; modifiers are not part of it."""
    return len(name) == 1 or name in NAMED_KEYS or key_to_character(name) is not None


def format_key_name(key: str) -> str:
    """Return a key as users read it: `?`, `ctrl+t`, `shift+↑`."""
    *modifiers, last = key.split("+")
    return "+".join((*modifiers, "enter" if last == "enter" else format_key(last)))


def keys_of(command_id: str, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """Return the present keys of a command, the main one first."""
    return tuple(key.strip() for key in keymap.get(command_id, command_by_id(command_id).KEYS).split(","))


def fill_keys(text: str, keymap: Mapping[str, str]) -> str:
    """Return the text with the present main key of each command ID in braces: `Press {back} to clear the filter.`"""
    return _COMMAND_ID.sub(lambda match: format_key_name(keys_of(match[1], keymap)[0]), text)
