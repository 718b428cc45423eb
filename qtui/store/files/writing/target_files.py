"""The files of one run or experiment, for `apply_changes`: read, changed and written back in one lock."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import ClassVar, cast

from qtui.entities import STATUS_CODES, ExperimentInfo, ViewType
from qtui.errors import ChangedSince, ExperimentExists, UsageError
from qtui.store.changes import LIFECYCLE, Change, Target, Value, Values, split_tags, tag_field
from qtui.store.dirfd import write_errors
from qtui.store.files.layout import folders
from qtui.store.files.layout.fast_meta import Meta
from qtui.store.files.layout.folders import ExperimentFolder
from qtui.store.files.layout.meta import CODES, dump_meta, experiment_fields
from qtui.store.files.layout.meta_edit import edit_meta, read_fields
from qtui.store.files.writing.lifecycle import DEFAULT_ID, check_name, remove_folder
from qtui.store.files.writing.run_directory import STAGED_PREFIX, RunDirectory

NUMBERS = frozenset({"end_time", "deleted_time", "creation_time", "last_update_time"})


class TargetFiles:
    """The meta.yaml and the tags in the folder of a run or an experiment; subclasses name the fields."""

    META_KEYS: ClassVar[Mapping[str, str]] = {}
    """The keys of fields that have another name in the meta.yaml."""

    def __init__(self, directory: RunDirectory) -> None:
        self._directory = directory
        self._meta = directory.read(folders.META) or b""
        self._new_meta: bytes | None = None
        self._new_tags: Mapping[str, str | None] = {}

    def values(self, change: Change) -> Values:
        """Return the present values of the fields of a change and of the lifecycle stage."""
        fields, tags = split_tags(change.values)
        values = self._fields({LIFECYCLE, *fields})
        for key in tags:
            data = self._directory.read(f"{folders.TAGS}/{key}")
            values[tag_field(key)] = None if data is None else decode(data)
        return values

    def prepare(self, pending: Values, original: str) -> str:
        """Build the new files in memory; return the present meta.yaml if the former values do not restore it."""
        fields, self._new_tags = split_tags(pending)
        for key, value in self._new_tags.items():
            if value is not None:
                self._directory.check_writable(f"{folders.TAGS}/{key}")
        if not fields:
            return ""
        present = self._fields(fields)
        self._new_meta = self._edited(self._meta, fields)
        if original and self._edited(encode(original), present) == self._meta:
            self._new_meta = encode(original)
        restores = self._edited(self._new_meta, present) == self._meta
        return "" if restores else decode(self._meta)

    def write(self) -> None:
        """Move the new files to their places, each as a whole."""
        staged_files = [
            self._directory.stage(f"{folders.TAGS}/{key}", encode(value))
            for key, value in self._new_tags.items()
            if value is not None
        ]
        if self._new_meta is not None:
            staged_files.append(self._directory.stage(folders.META, self._new_meta))
        for staged in staged_files:
            self._directory.replace(staged)
        for key, value in self._new_tags.items():
            if value is None:
                self._directory.remove(f"{folders.TAGS}/{key}")

    def _fields(self, fields: Iterable[str]) -> dict[str, Value]:
        """Return the values of fields."""
        keys = {field: self.META_KEYS.get(field, field) for field in fields}
        meta = read_fields(self._meta, keys.values())
        return {field: self._field(meta, field) for field in keys}

    def _field(self, meta: Meta, field: str) -> Value:
        """Return the value of a field."""
        value = meta.get(self.META_KEYS.get(field, field))
        if not isinstance(value, str):
            return None
        return int(float(value)) if field in NUMBERS else value

    def _edited(self, meta: bytes, fields: Values) -> bytes:
        """Return a meta.yaml with new values of fields."""
        return edit_meta(meta, fields)


class RunFiles(TargetFiles):
    """The files of a run."""

    META_KEYS: ClassVar[Mapping[str, str]] = {"name": "run_name"}

    def __init__(self, directory: RunDirectory, run_id: str) -> None:
        super().__init__(directory)
        self._run_id = run_id

    def _field(self, meta: Meta, field: str) -> Value:
        value = super()._field(meta, field)
        if field == LIFECYCLE:
            return value or ViewType.ACTIVE.value
        if field == "status" and value is not None:
            return STATUS_CODES[int(value)]
        return value

    def _edited(self, meta: bytes, fields: Values) -> bytes:
        named: dict[str, object] = {self.META_KEYS.get(field, field): value for field, value in fields.items()}
        if "status" in fields:
            named["status"] = CODES[str(fields["status"])]
        if b"\nrun_id:" not in meta:
            # MLflow 3 cannot read a run of MLflow 1 without it.
            named["run_id"] = self._run_id
        return edit_meta(meta, named)


class ExperimentFiles(TargetFiles):
    """The files of an experiment, which is deleted while its folder is in the trash."""

    def __init__(
        self, directory: RunDirectory, root: str, folder: ExperimentFolder, experiment: ExperimentInfo
    ) -> None:
        super().__init__(directory)
        self._root = root
        self._folder = folder
        self._experiment = experiment
        self._new_stage: Value = ""

    def values(self, change: Change) -> Values:
        """Return the present values; raise an error if the change is not possible."""
        stage = change.values.get(LIFECYCLE, "")
        if stage == ViewType.DELETED.value and self._folder.name == DEFAULT_ID:
            raise UsageError("MLflow's default experiment cannot be deleted.")
        if stage is None:
            self._check_removable(change)
        name = change.values.get("name")
        if name is not None and name != self._experiment.name:
            check_name(self._root, str(name))
        return super().values(change)

    def prepare(self, pending: Values, original: str) -> str:
        """Build the new files in memory."""
        self._new_stage = pending.get(LIFECYCLE, "")
        return "" if self._new_stage is None else super().prepare(pending, original)

    def write(self) -> None:
        """Move the folder if the lifecycle stage changes, then write the files; or remove the folder."""
        if self._new_stage is None:
            remove_folder(self._root, self._folder.path)
            return
        if self._new_stage:
            self._move(in_trash=self._new_stage == ViewType.DELETED.value)
        super().write()

    def _field(self, meta: Meta, field: str) -> Value:
        if field == LIFECYCLE:
            return self._experiment.lifecycle_stage
        return super()._field(meta, field)

    def _edited(self, meta: bytes, fields: Values) -> bytes:
        # Like MLflow, also write the tags into meta.yaml.
        return edit_meta(meta, {**fields, "tags": dict(self._experiment.tags)})

    def _move(self, *, in_trash: bool) -> None:
        trash = f"{self._root}/{folders.TRASH}"
        target = f"{trash if in_trash else self._root}/{self._folder.name}"
        if target == self._folder.path:
            return
        if os.path.lexists(target):
            raise ExperimentExists(f"The experiment {self._folder.name} already exists at {target}.")
        with write_errors(target):
            os.makedirs(trash, exist_ok=True)
            os.rename(self._folder.path, target)

    def _check_removable(self, change: Change) -> None:
        """Raise ChangedSince if the experiment has more than the values that its creation wrote."""
        _, tags = split_tags(change.values)
        names = [name for name in os.listdir(self._folder.path) if not name.startswith(STAGED_PREFIX)]
        if set(names) - {folders.META, folders.TAGS} or self._experiment.tags.keys() - tags.keys():
            raise ChangedSince(
                f"The experiment {self._experiment.name!r} has runs or other tags now. Delete it instead."
            )


class MissingExperiment:
    """A place for an experiment whose creation was undone, for `apply_changes`."""

    def __init__(self, root: str, target: Target) -> None:
        self._root = root
        self._target = target
        self._pending: Values = {}

    def values(self, change: Change) -> Values:
        """Return None for all values; raise ExperimentNotFound unless the change creates the experiment again."""
        if change.expected is None or change.expected.get(LIFECYCLE, "") is not None:
            raise self._target.missing_from(self._root)
        check_name(self._root, str(change.values["name"]))
        return dict.fromkeys(change.values)

    def prepare(self, pending: Values, original: str) -> str:
        """Remember the new values."""
        self._pending = pending
        return ""

    def write(self) -> None:
        """Create the experiment with its former ID and times."""
        fields, tags = split_tags(self._pending)
        experiment = ExperimentInfo(
            self._target.experiment_id,
            str(fields["name"]),
            artifact_location=str(fields["artifact_location"]),
            creation_time=cast("int", fields["creation_time"]),
            last_update_time=cast("int", fields["last_update_time"]),
        )
        folder = f"{self._root}/{self._target.experiment_id}"
        with write_errors(folder):
            os.mkdir(folder)
        with RunDirectory(folder) as directory:
            for key, value in tags.items():
                directory.replace(directory.stage(f"{folders.TAGS}/{key}", encode(str(value))))
            directory.replace(directory.stage(folders.META, dump_meta(experiment_fields(experiment))))


def decode(data: bytes) -> str:
    """Return the content of a file as text that `encode` turns into the same bytes."""
    return data.decode(errors="surrogateescape")


def encode(text: str) -> bytes:
    """Return the bytes of a text from `decode`."""
    return text.encode(errors="surrogateescape")
