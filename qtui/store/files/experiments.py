"""Experiments: a meta.yaml and a folder of tags each."""

from __future__ import annotations

import os
from collections.abc import Sequence

from qtui.entities import Experiment, Problem, View
from qtui.store.files import layout, meta
from qtui.store.files.damage import Report, Unreadable, Vanished
from qtui.store.files.entries import ValueFolder
from qtui.store.files.layout import Folder
from qtui.store.files.opening import open_file, read_file
from qtui.store.files.texts import texts

NEEDED = ("name", "artifact_location", "lifecycle_stage")
"""Keys that every MLflow has written into an experiment's meta.yaml."""


class ExperimentReader:
    """Reads a store's experiments and reports what is wrong with them."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._report = Report(root)

    def read(self, folder: Folder) -> tuple[Experiment | None, Sequence[Problem]]:
        """The experiment in a folder and what is wrong with it; none when it is none, is gone, or is another's copy."""
        return self._read(folder), self._report.drained()

    def _read(self, folder: Folder) -> Experiment | None:
        self._report.about(folder.name)
        path = f"{folder.path}/{layout.META}"
        try:
            found = meta.parse(read_file(path, meta.CAP, (self._root, folder.path)))
        except Vanished:
            if os.path.islink(folder.path) and not os.path.isdir(folder.path):
                self._report.add(folder.path, "is a link that leads nowhere")
                return None
            # Only experiments are moved into the trash; elsewhere, a folder without runs may be anything.
            is_trashed = folder.in_trash and os.path.isdir(folder.path)
            return self._stand_in(folder, "is missing") if is_trashed or _holds_runs(folder) else None
        except Unreadable as damage:
            return self._stand_in(folder, str(damage))
        if found.get("experiment_id") != folder.name:
            self._report.add(path, f"is of another experiment: its experiment_id is {found.get('experiment_id')}")
            return None
        return self._experiment(found, folder)

    def _experiment(self, found: meta.Meta, folder: Folder) -> Experiment:
        missing = [key for key in NEEDED if key not in found]
        if missing:
            self._report.add(f"{folder.path}/{layout.META}", f"is not whole: it has no {', '.join(missing)}")
        return Experiment(
            experiment_id=folder.name,
            name=_text(found, "name") or folder.name,
            # MLflow 1 moved deleted experiments into the trash without a change to their description.
            lifecycle_stage=_stage(folder) if folder.in_trash else _text(found, "lifecycle_stage") or _stage(folder),
            artifact_location=_text(found, "artifact_location"),
            creation_time=self._time(found, "creation_time", folder),
            last_update_time=self._time(found, "last_update_time", folder),
            tags=self._tags(folder),
        )

    def _stand_in(self, folder: Folder, reason: str) -> Experiment | None:
        """What can be said of an experiment without a description, for its runs to have a place."""
        if os.path.islink(folder.path) and not os.path.isdir(folder.path):
            self._report.add(folder.path, reason)
            return None
        self._report.add(f"{folder.path}/{layout.META}", reason)
        name = self._name_at_the_beginning(folder)
        if not name and not _holds_runs(folder):
            return None
        return Experiment(folder.name, name or folder.name, _stage(folder), tags=self._tags(folder))

    def _name_at_the_beginning(self, folder: Folder) -> str:
        """Return the name in the first lines of a description that cannot be read as a whole; empty if there is none.

        MLflow writes the tags of a deleted experiment after its name, so that a long one hides nothing else.
        """
        try:
            descriptor = open_file(f"{folder.path}/{layout.META}", (self._root, folder.path))
        except (Vanished, Unreadable):
            return ""
        try:
            lines = os.read(descriptor, meta.CAP).decode(errors="ignore").splitlines(keepends=True)
            line = next((line for line in lines if line.startswith("name: ") and line.endswith("\n")), "")
            return meta.scalar(line.removeprefix("name: ").rstrip("\n")) or ""
        except (OSError, meta.NotPlain):
            return ""
        finally:
            os.close(descriptor)

    def _tags(self, folder: Folder) -> dict[str, str]:
        within = (self._root, folder.path)
        return texts(ValueFolder(within, self._report, {}).all(f"{folder.path}/{layout.TAGS}"), within, self._report)

    def _time(self, found: meta.Meta, key: str, folder: Folder) -> int | None:
        written = found.get(key)
        if written is None:
            return None
        try:
            return int(float(str(written)))
        except (ValueError, OverflowError):
            self._report.add(f"{folder.path}/{layout.META}", f"has a {key} that is no time: {written}")
            return None


def _text(found: meta.Meta, key: str) -> str:
    value = found.get(key)
    return value if isinstance(value, str) else ""


def _stage(folder: Folder) -> str:
    return (View.DELETED if folder.in_trash else View.ACTIVE).value


def _holds_runs(folder: Folder) -> bool:
    try:
        return any(os.path.isfile(f"{path}/{layout.META}") for _, path in layout.run_folders(folder.path))
    except OSError:
        return False
