"""What the screen remembers between two sessions: small files of JSON below `$XDG_STATE_HOME/qtui`."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from qtui.settings import make_private

HISTORY_LENGTH = 100
"""How many filters are remembered for a store."""

LAYOUTS = 500
"""For how many experiments of a store the layout of the table is remembered."""


class Memory:
    """A JSON object in a file: read when first asked, written whole at each change. Without a path it is not kept.

    Nothing here is worth a failure: a file that is missing, damaged or not ours counts as empty, and one that cannot
    be written is not.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._values: dict[str, Any] | None = None

    def get(self, key: str) -> Any:
        """What was remembered under a key, or None."""
        if self._values is None:
            self._values = self._read()
        return self._values.get(key)

    def change(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Change what is on disk now, for another session may have written since."""
        self._values = self._read() if self._path else self._values or {}
        change(self._values)
        self._write(self._values)

    def _read(self) -> dict[str, Any]:
        if self._path is None:
            return {}
        try:
            values = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return values if isinstance(values, dict) else {}

    def _write(self, values: dict[str, Any]) -> None:
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            folder = make_private(self._path.parent)
            import tempfile

            descriptor, name = tempfile.mkstemp(dir=folder, prefix=f".{self._path.name}.")
            try:
                with open(descriptor, "w", encoding="utf-8") as file:
                    json.dump(values, file, ensure_ascii=True, indent=1)
                os.replace(name, self._path)
            except BaseException:
                os.unlink(name)
                raise


class StoreState:
    """What is remembered about one store: filters, views by name, and by experiment the table's layout and the pins."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    @property
    def history(self) -> tuple[str, ...]:
        """The filters that were used, the latest last."""
        return tuple(each for each in _list(self._memory.get("history")) if isinstance(each, str))

    def add_to_history(self, text: str) -> None:
        """Remember a filter as the latest."""

        def add(values: dict[str, Any]) -> None:
            others = [each for each in _list(values.get("history")) if each != text]
            values["history"] = [*others, text][-HISTORY_LENGTH:]

        if text.strip():
            self._memory.change(add)

    @property
    def views(self) -> dict[str, dict[str, Any]]:
        """The saved views by name; what a view holds is for the runs table to know."""
        return _objects(self._memory.get("views"))

    def save_view(self, name: str, view: dict[str, Any] | None) -> None:
        """Save a view under a name, or forget it."""
        self._put("views", name, view)

    def layout(self, experiment_id: str) -> dict[str, Any]:
        """How the table of an experiment was left; empty when it never was."""
        return _objects(self._memory.get("layouts")).get(experiment_id, {})

    def save_layout(self, experiment_id: str, layout: dict[str, Any] | None) -> None:
        """Remember how the table of an experiment was left, or forget it."""
        self._put("layouts", experiment_id, layout)

    def pins(self, experiment_id: str) -> tuple[str, ...]:
        """The metrics whose charts are pinned for an experiment."""
        kept = _objects(self._memory.get("pins")).get(experiment_id, {})
        return tuple(each for each in _list(kept.get("charts")) if isinstance(each, str))

    def save_pins(self, experiment_id: str, metrics: Sequence[str]) -> None:
        """Remember which charts are pinned for an experiment."""
        self._put("pins", experiment_id, {"charts": list(metrics)} if metrics else None)

    def _put(self, kind: str, key: str, value: dict[str, Any] | None) -> None:
        def put(values: dict[str, Any]) -> None:
            entries = _objects(values.get(kind))
            entries.pop(key, None)
            if value is not None:
                entries[key] = value
            values[kind] = dict(list(entries.items())[-LAYOUTS:])

        self._memory.change(put)


class State:
    """Everything that is remembered; without a folder only as long as the program runs."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._memory = Memory(folder / "screen.json" if folder else None)
        self._stores: dict[str, StoreState] = {}

    @property
    def theme(self) -> str | None:
        """The theme that was chosen last."""
        theme = self._memory.get("theme")
        return theme if isinstance(theme, str) else None

    @theme.setter
    def theme(self, name: str | None) -> None:
        self._memory.change(lambda values: values.update(theme=name))

    def store(self, uri: str) -> StoreState:
        """What is remembered about the store at an address; the address is not written down, it may hold a password."""
        name = hashlib.sha256(uri.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        if name not in self._stores:
            path = self._folder / "stores" / f"{name}.json" if self._folder else None
            self._stores[name] = StoreState(Memory(path))
        return self._stores[name]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: Any) -> dict[str, dict[str, Any]]:
    entries = value if isinstance(value, dict) else {}
    return {key: entry for key, entry in entries.items() if isinstance(entry, dict)}
