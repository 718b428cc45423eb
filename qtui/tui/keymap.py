"""The `[keys]` of the settings, and how keys are written."""

from __future__ import annotations

from collections.abc import Mapping

from textual.keys import Keys, format_key, key_to_character

from qtui.tui.commands import COMMANDS

MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})
NAMED_KEYS = frozenset(key.value.rpartition("+")[2] for key in Keys) | {"space", "minus", "comma"}


def resolve(keys: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The keymap for Textual, and a sentence for each setting that cannot be used."""
    keymap: dict[str, str] = {}
    problems: list[str] = []
    for name, wanted in keys.items():
        problem = _problem(name, wanted)
        if problem:
            problems.append(f"The settings, [keys]: {problem}")
        else:
            keymap[name] = wanted
    return keymap, tuple(problems)


def _problem(name: str, wanted: str) -> str | None:
    """What is wrong with the keys for a command."""
    if name not in COMMANDS:
        from difflib import get_close_matches

        near = get_close_matches(name, COMMANDS, n=1)
        return f"there is no command {name!r}." + (f" Did you mean {near[0]!r}?" if near else "")
    for key in wanted.split(","):
        *modifiers, last = key.strip().split("+") if len(key.strip()) > 1 else [key.strip()]
        if not set(modifiers) <= MODIFIERS or not _is_key(last):
            return f"{key.strip()!r} for {name!r} is no key; write it like 's', 'ctrl+s' or 'f5'."
    return None


def _is_key(name: str) -> bool:
    """Whether a key, without its modifiers, is one that a terminal can send."""
    return len(name) == 1 or name in NAMED_KEYS or key_to_character(name) is not None


def written(key: str) -> str:
    """A key as it is written for people: `?`, `^t`, `shift+↑`."""
    *modifiers, last = key.split("+")
    name = "enter" if last == "enter" else format_key(last)
    if modifiers == ["ctrl"]:
        return f"^{name}"
    return "+".join((*modifiers, name))


def keys_of(command: str, keymap: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of a command as they are now, the first one first."""
    return tuple(key.strip() for key in keymap.get(command, COMMANDS[command].KEYS).split(","))
