"""Read the values of a run: params, tags, latest metrics, dataset inputs, and summaries of histories."""

from __future__ import annotations

import os
from collections.abc import Iterable

from qtui.entities import DatasetInput, Point, Run, RunInfo, Summary
from qtui.query.projection import Projection
from qtui.store.files.damage import DamageReport, Unreadable, Vanished, reason_of
from qtui.store.files.layout import folders
from qtui.store.files.layout.fast_meta import Meta
from qtui.store.files.layout.folders import RunLocator
from qtui.store.files.layout.meta import MAX_DATASET_META_BYTES, MAX_META_BYTES, parse_meta
from qtui.store.files.reading.fingerprint import ReadFingerprint
from qtui.store.files.reading.histories import MetricColumns, read_columns, summarize_bytes, summarize_columns
from qtui.store.files.reading.metric_files import describe_bad_lines, latest_point, read_blocks, scan_latest_point
from qtui.store.files.reading.opening import CHUNK_BYTES, read_file
from qtui.store.files.reading.tails import FilePosition, MetricTail, read_tail
from qtui.store.files.reading.value_files import ValueFile, ValueFolder, decode_texts

DATASET_SOURCE = "DATASET"


class ValueReader:
    """Reader of the selected values of a store's runs that reports damage."""

    def __init__(self, locator: RunLocator, report: DamageReport, projection: Projection) -> None:
        self._locator = locator
        self._report = report
        self._projection = projection
        self._inputs = DatasetInputReader(locator.root, report)
        self._valid_names: dict[str, str] = {}

    def read(self, info: RunInfo, fingerprint: ReadFingerprint | None = None) -> Run | None:
        """Read the selected values of a run; None if the run is gone. Files read are added to the fingerprint."""
        folder = self._locator.run_folder(info)
        if folder is None:
            return None
        self._report.set_context(info.experiment_id, info.run_id)
        projection = self._projection
        allowed_roots = (self._locator.root, folder)
        params = self._files(folder, folders.PARAMS, projection.params, fingerprint)
        metrics = self._files(folder, folders.METRICS, projection.metrics, fingerprint)
        tags = self._files(folder, folders.TAGS, projection.tags, fingerprint)
        histories = self._files(folder, folders.METRICS, projection.summaries)
        run = Run(
            info=info,
            params=decode_texts(params, allowed_roots, self._report),
            metrics=self._latest_points(metrics, allowed_roots),
            tags=decode_texts(tags, allowed_roots, self._report),
            inputs=self.inputs(folder),
            summaries=self._summaries(histories, allowed_roots),
        )
        return run if os.path.lexists(f"{folder}/{folders.META}") else None

    def inputs(self, run_folder: str) -> tuple[DatasetInput, ...]:
        """Return the dataset inputs of a run if they are selected."""
        return self._inputs.read(run_folder) if self._projection.inputs else ()

    def history(self, info: RunInfo, key: str) -> MetricColumns | None:
        """Return all points of a metric; None if the run has no such metric."""
        for path, allowed_roots in self._metric_path(info, key):
            return read_columns(path, allowed_roots, self._report)
        return None

    def tail(self, info: RunInfo, key: str, position: FilePosition | None) -> MetricTail | None:
        """Return the points of a metric after a position; None if the run has no such metric."""
        for path, allowed_roots in self._metric_path(info, key):
            return read_tail(path, allowed_roots, self._report, position)
        return None

    def _metric_path(self, info: RunInfo, key: str) -> Iterable[tuple[str, tuple[str, str]]]:
        folder = self._locator.run_folder(info)
        if folder is None:
            return
        self._report.set_context(info.experiment_id, info.run_id)
        for _, path, _ in self._files(folder, folders.METRICS, frozenset((key,))):
            yield path, (self._locator.root, folder)

    def _files(
        self, folder: str, part: str, keys: frozenset[str] | None, fingerprint: ReadFingerprint | None = None
    ) -> Iterable[ValueFile]:
        reader = ValueFolder((self._locator.root, folder), self._report, self._valid_names, fingerprint)
        path = f"{folder}/{part}"
        if keys is None:
            return reader.read_all(path)
        return reader.read_keys(path, sorted(keys)) if keys else ()

    def _latest_points(self, files: Iterable[ValueFile], allowed_roots: tuple[str, ...]) -> dict[str, Point]:
        points: dict[str, Point] = {}
        for key, path, data in files:
            point = latest_point(data) if len(data) < CHUNK_BYTES else None
            if point is None:
                point = self._scan(path, data, allowed_roots)
            if point is not None:
                points[key] = point
        return points

    def _scan(self, path: str, data: bytes, allowed_roots: tuple[str, ...]) -> Point | None:
        """Return the latest point of a large or irregular file and report its bad lines."""
        try:
            scan = scan_latest_point(read_blocks(path, allowed_roots) if len(data) == CHUNK_BYTES else (data,))
        except Vanished:
            return None
        except Unreadable as damage:
            self._report.add(path, str(damage))
            return None
        if scan.bad_lines:
            self._report.add(path, describe_bad_lines(scan.bad_lines))
        elif scan.latest is None:
            self._report.add(path, "is empty")
        return scan.latest

    def _summaries(self, files: Iterable[ValueFile], allowed_roots: tuple[str, ...]) -> dict[str, Summary]:
        summaries: dict[str, Summary] = {}
        for key, path, data in files:
            summary = summarize_bytes(data) if len(data) < CHUNK_BYTES else None
            if summary is None:
                columns = read_columns(path, allowed_roots, self._report)
                summary = None if columns is None else summarize_columns(columns)
            if summary is not None:
                summaries[key] = summary
        return summaries


class DatasetInputReader:
    """Reader of the dataset inputs of runs; a dataset of many runs is read once.

    The `inputs` folder of a run names the datasets, the `datasets` folder of its experiment describes them.
    """

    def __init__(self, root: str, report: DamageReport) -> None:
        self._root = root
        self._report = report
        self._datasets: dict[str, Meta] = {}

    def read(self, run_folder: str) -> tuple[DatasetInput, ...]:
        """Return the datasets among a run's inputs, sorted by name."""
        parent = f"{run_folder}/{folders.INPUTS}"
        try:
            names = os.listdir(parent)
        except FileNotFoundError:
            return ()
        except OSError as error:
            self._report.add(parent, reason_of(error))
            return ()
        inputs = [self._input(f"{parent}/{name}", run_folder) for name in names if name[0] != "."]
        return tuple(sorted(filter(None, inputs), key=lambda dataset: (dataset.name, dataset.digest)))

    def _input(self, folder: str, run_folder: str) -> DatasetInput | None:
        fields = self._read_meta(folder, MAX_META_BYTES, run_folder)
        if fields is None or fields.get("source_type") != DATASET_SOURCE:
            return None
        dataset_id = fields.get("source_id")
        if not isinstance(dataset_id, str) or not folders.is_run_id(dataset_id):
            self._report.add(f"{folder}/{folders.META}", "does not name a dataset")
            return None
        dataset = self._dataset(dataset_id, run_folder)
        return None if dataset is None else _dataset_input(dataset, fields.get("tags"))

    def _dataset(self, dataset_id: str, run_folder: str) -> Meta | None:
        folder = f"{os.path.dirname(run_folder)}/{folders.DATASETS}/{dataset_id}"
        dataset = self._datasets.get(folder) or self._read_meta(folder, MAX_DATASET_META_BYTES, run_folder)
        if dataset is not None:
            self._datasets[folder] = dataset
        return dataset

    def _read_meta(self, folder: str, max_bytes: int, run_folder: str) -> Meta | None:
        path = f"{folder}/{folders.META}"
        try:
            return parse_meta(read_file(path, max_bytes, (self._root, run_folder)))
        except Vanished:
            if os.path.isdir(run_folder):
                self._report.add(path, "is missing")
        except Unreadable as damage:
            self._report.add(path, str(damage))
        return None


def _dataset_input(dataset: Meta, tags: object) -> DatasetInput:
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
