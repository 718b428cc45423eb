"""Read experiments: a meta.yaml and a folder of tags per experiment."""

from __future__ import annotations

import os
from collections.abc import Sequence

from qtui.entities import ExperimentInfo, Problem, ViewType
from qtui.store.files.damage import BROKEN_LINK, DamageReport, Unreadable, Vanished
from qtui.store.files.layout import folders
from qtui.store.files.layout.fast_meta import Meta, NotPlain, parse_scalar
from qtui.store.files.layout.folders import ExperimentFolder
from qtui.store.files.layout.meta import MAX_META_BYTES, parse_meta, text_field
from qtui.store.files.reading.opening import open_file, read_file
from qtui.store.files.reading.value_files import ValueFolder, decode_texts

REQUIRED_KEYS = ("name", "artifact_location", "lifecycle_stage")
"""Keys that every version of MLflow writes into an experiment's meta.yaml."""


class ExperimentReader:
    """Reader of the experiments of a store that reports damage."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._report = DamageReport(root)

    def read(self, folder: ExperimentFolder) -> tuple[ExperimentInfo | None, Sequence[Problem]]:
        """Read a folder; without an experiment if it is none, is gone, or is a copy of another experiment."""
        return self._read(folder), self._report.drain()

    def _read(self, folder: ExperimentFolder) -> ExperimentInfo | None:
        self._report.set_context(folder.name)
        path = f"{folder.path}/{folders.META}"
        try:
            meta = parse_meta(read_file(path, MAX_META_BYTES, (self._root, folder.path)))
        except Vanished:
            if folders.is_broken_link(folder.path):
                self._report.add(folder.path, BROKEN_LINK)
                return None
            # Only experiments are moved into the trash; elsewhere, a folder without runs need not be an experiment.
            is_trashed = folder.in_trash and os.path.isdir(folder.path)
            return self._without_meta(folder, "is missing") if is_trashed or _has_runs(folder) else None
        except Unreadable as damage:
            return self._without_meta(folder, str(damage))
        if meta.get("experiment_id") != folder.name:
            experiment_id = meta.get("experiment_id")
            self._report.add(path, f"belongs to another experiment: its experiment_id is {experiment_id}")
            return None
        return self._build_experiment(meta, folder)

    def _build_experiment(self, meta: Meta, folder: ExperimentFolder) -> ExperimentInfo:
        missing = [key for key in REQUIRED_KEYS if key not in meta]
        if missing:
            self._report.add(f"{folder.path}/{folders.META}", f"is incomplete: it has no {', '.join(missing)}")
        return ExperimentInfo(
            experiment_id=folder.name,
            name=text_field(meta, "name") or folder.name,
            # MLflow 1 moves deleted experiments into the trash without changing their meta.yaml.
            lifecycle_stage=_stage(folder)
            if folder.in_trash
            else text_field(meta, "lifecycle_stage") or _stage(folder),
            artifact_location=text_field(meta, "artifact_location"),
            creation_time=self._time(meta, "creation_time", folder),
            last_update_time=self._time(meta, "last_update_time", folder),
            tags=self._tags(folder),
        )

    def _without_meta(self, folder: ExperimentFolder, reason: str) -> ExperimentInfo | None:
        """Report a missing or unreadable meta.yaml; return a placeholder if the folder has a name or runs."""
        if folders.is_broken_link(folder.path):
            self._report.add(folder.path, reason)
            return None
        self._report.add(f"{folder.path}/{folders.META}", reason)
        name = self._name_from_first_lines(folder)
        if not name and not _has_runs(folder):
            return None
        return ExperimentInfo(folder.name, name or folder.name, _stage(folder), tags=self._tags(folder))

    def _name_from_first_lines(self, folder: ExperimentFolder) -> str:
        """Return the name in the first lines of an unreadable meta.yaml; empty if there is none.

        MLflow writes the tags of a deleted experiment after its name, so that long tags never hide the name.
        """
        try:
            descriptor = open_file(f"{folder.path}/{folders.META}", (self._root, folder.path))
        except (Vanished, Unreadable):
            return ""
        try:
            lines = os.read(descriptor, MAX_META_BYTES).decode(errors="ignore").splitlines(keepends=True)
            line = next((line for line in lines if line.startswith("name: ") and line.endswith("\n")), "")
            return parse_scalar(line.removeprefix("name: ").rstrip("\n")) or ""
        except (OSError, NotPlain):
            return ""
        finally:
            os.close(descriptor)

    def _tags(self, folder: ExperimentFolder) -> dict[str, str]:
        allowed_roots = (self._root, folder.path)
        files = ValueFolder(allowed_roots, self._report, {}).read_all(f"{folder.path}/{folders.TAGS}")
        return decode_texts(files, allowed_roots, self._report)

    def _time(self, meta: Meta, key: str, folder: ExperimentFolder) -> int | None:
        value = meta.get(key)
        if value is None:
            return None
        try:
            return int(float(str(value)))
        except (ValueError, OverflowError):
            self._report.add(f"{folder.path}/{folders.META}", f"has an invalid {key}: {value}")
            return None


def _stage(folder: ExperimentFolder) -> str:
    return (ViewType.DELETED if folder.in_trash else ViewType.ACTIVE).value


def _has_runs(folder: ExperimentFolder) -> bool:
    try:
        return any(os.path.isfile(f"{path}/{folders.META}") for _, path in folders.run_folders(folder.path))
    except OSError:
        return False
