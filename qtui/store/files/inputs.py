"""Datasets that a run read: its `inputs` name them, the experiment's `datasets` describe them."""

from __future__ import annotations

import os

from qtui.entities import DatasetInput
from qtui.store.files import layout, meta
from qtui.store.files.damage import Report, Unreadable, Vanished, reason_of
from qtui.store.files.opening import read_file

DATASET = "DATASET"


class InputReader:
    """Reads the inputs of runs; a dataset that many runs share is read once."""

    def __init__(self, root: str, report: Report) -> None:
        self._root = root
        self._report = report
        self._datasets: dict[str, meta.Meta] = {}

    def read(self, run_folder: str) -> tuple[DatasetInput, ...]:
        """The datasets among a run's inputs, by name."""
        parent = f"{run_folder}/{layout.INPUTS}"
        try:
            names = os.listdir(parent)
        except FileNotFoundError:
            return ()
        except OSError as error:
            self._report.add(parent, reason_of(error))
            return ()
        found = [self._input(f"{parent}/{name}", run_folder) for name in names if name[0] != "."]
        return tuple(sorted(filter(None, found), key=lambda each: (each.name, each.digest)))

    def _input(self, folder: str, run_folder: str) -> DatasetInput | None:
        use = self._meta(folder, meta.CAP, run_folder)
        if use is None or use.get("source_type") != DATASET:
            return None
        source = use.get("source_id")
        if not isinstance(source, str) or not layout.is_run_id(source):
            self._report.add(f"{folder}/{layout.META}", "names no dataset")
            return None
        dataset = self._dataset(source, run_folder)
        return None if dataset is None else _joined(dataset, use.get("tags"))

    def _dataset(self, dataset_id: str, run_folder: str) -> meta.Meta | None:
        folder = f"{os.path.dirname(run_folder)}/{layout.DATASETS}/{dataset_id}"
        dataset = self._datasets.get(folder) or self._meta(folder, meta.DATASET_CAP, run_folder)
        if dataset is not None:
            self._datasets[folder] = dataset
        return dataset

    def _meta(self, folder: str, cap: int, run_folder: str) -> meta.Meta | None:
        path = f"{folder}/{layout.META}"
        try:
            return meta.parse(read_file(path, cap, (self._root, run_folder)))
        except Vanished:
            if os.path.isdir(run_folder):
                self._report.add(path, "is missing")
        except Unreadable as damage:
            self._report.add(path, str(damage))
        return None


def _joined(dataset: meta.Meta, tags: object) -> DatasetInput:
    def text(key: str) -> str | None:
        value = dataset.get(key)
        return value if isinstance(value, str) else None

    return DatasetInput(
        name=text("name") or "",
        digest=text("digest") or "",
        source_type=text("source_type") or "",
        source=text("source") or "",
        schema=text("schema"),
        profile=text("profile"),
        tags=tags if isinstance(tags, dict) else {},
    )
