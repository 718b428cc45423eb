"""The state that the app keeps between sessions, in small JSON files below `$XDG_STATE_HOME/qtui`."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from qtui.settings import make_private

MAX_FILTERS = 100
"""Filters kept for a store."""

MAX_LAYOUTS = 500
"""Experiments of a store whose table layout is kept."""


class JsonFile:
    """A JSON object in a file: read on first use, written as a whole at every change. Without a path it is not saved.

    It never raises: a missing or damaged file counts as empty, and a failed write is ignored.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._values: dict[str, Any] | None = None

    def get(self, key: str) -> Any:
        """Return the value of a key, or None."""
        if self._values is None:
            self._values = self._read()
        return self._values.get(key)

    def change(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Apply a change to the present content of the file, which another session may have changed."""
        self._values = self._read() if self._path else self._values or {}
        change(self._values)
        self._write(self._values)

    def _read(self) -> dict[str, Any]:
        if self._path is None:
            return {}
        try:
            content = self._path.read_bytes()
            import json

            values = json.loads(content)
        except (OSError, ValueError, RecursionError):
            return {}
        return values if isinstance(values, dict) else {}

    def _write(self, values: dict[str, Any]) -> None:
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            folder = make_private(self._path.parent)
            import json
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
    """The state of one store: filters, saved views, and for every experiment the table layout and the pinned charts."""

    def __init__(self, file: JsonFile) -> None:
        self._file = file

    @property
    def history(self) -> tuple[str, ...]:
        """Return the filters that were used, the latest last."""
        return tuple(text for text in _list(self._file.get("history")) if isinstance(text, str))

    def add_to_history(self, text: str) -> None:
        """Append a filter to the history."""

        def add(values: dict[str, Any]) -> None:
            others = [other for other in _list(values.get("history")) if other != text]
            values["history"] = [*others, text][-MAX_FILTERS:]

        if text.strip():
            self._file.change(add)

    @property
    def views(self) -> dict[str, dict[str, Any]]:
        """Return the saved views by name; their content belongs to the runs table."""
        return _objects(self._file.get("views"))

    def save_view(self, name: str, view: dict[str, Any] | None) -> None:
        """Save a view under a name; None deletes it."""
        self._put("views", name, view)

    def layout(self, scope_key: str) -> dict[str, Any]:
        """Return the saved table layout of a scope, such as an experiment; empty if there is none."""
        return _objects(self._file.get("layouts")).get(scope_key, {})

    def save_layout(self, scope_key: str, layout: dict[str, Any] | None) -> None:
        """Save the table layout of a scope; None deletes it."""
        self._put("layouts", scope_key, layout)

    def pins(self, experiment_id: str) -> tuple[str, ...]:
        """Return the metrics whose charts are pinned for an experiment."""
        pins = _objects(self._file.get("pins")).get(experiment_id, {})
        return tuple(metric for metric in _list(pins.get("charts")) if isinstance(metric, str))

    def save_pins(self, experiment_id: str, metrics: Sequence[str]) -> None:
        """Save the metrics whose charts are pinned for an experiment."""
        self._put("pins", experiment_id, {"charts": list(metrics)} if metrics else None)

    def _put(self, kind: str, key: str, value: dict[str, Any] | None) -> None:
        def put(values: dict[str, Any]) -> None:
            entries = _objects(values.get(kind))
            entries.pop(key, None)
            if value is not None:
                entries[key] = value
            values[kind] = dict(list(entries.items())[-MAX_LAYOUTS:])

        self._file.change(put)


class State:
    """The state of the app; without a directory it lasts only as long as the process."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._file = JsonFile(folder / "screen.json" if folder else None)
        self._stores: dict[str, StoreState] = {}

    @property
    def theme(self) -> str | None:
        """Return the theme that was chosen last."""
        theme = self._file.get("theme")
        return theme if isinstance(theme, str) else None

    @theme.setter
    def theme(self, name: str | None) -> None:
        self._file.change(lambda values: values.update(theme=name))

    @property
    def download_folder(self) -> str:
        """Return the folder of the last download; the working directory at first."""
        folder = self._file.get("download_folder")
        return folder if isinstance(folder, str) else "."

    @download_folder.setter
    def download_folder(self, folder: str) -> None:
        self._file.change(lambda values: values.update(download_folder=folder))

    def store(self, uri: str) -> StoreState:
        """Return the state of the store at a URI. Only a hash of the URI is saved: it may contain a password."""
        name = hashlib.sha256(uri.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        if name not in self._stores:
            path = self._folder / "stores" / f"{name}.json" if self._folder else None
            self._stores[name] = StoreState(JsonFile(path))
        return self._stores[name]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _objects(value: Any) -> dict[str, dict[str, Any]]:
    entries = value if isinstance(value, dict) else {}
    return {key: entry for key, entry in entries.items() if isinstance(entry, dict)}
