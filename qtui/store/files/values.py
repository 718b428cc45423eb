"""The wanted values of a run: params, tags, latest metrics, inputs, and summaries of whole histories."""

from __future__ import annotations

import os
from collections.abc import Iterable

from qtui.entities import DatasetInput, Point, Run, RunInfo, Summary
from qtui.query.wanted import Wanted
from qtui.store.files import layout, metrics
from qtui.store.files.damage import Report, Unreadable, Vanished
from qtui.store.files.entries import Entry, ValueFolder
from qtui.store.files.fingerprint import Trail
from qtui.store.files.histories import Columns, history_columns
from qtui.store.files.inputs import InputReader
from qtui.store.files.opening import CHUNK
from qtui.store.files.places import Places
from qtui.store.files.streams import pieces_of, tally_of
from qtui.store.files.summaries import summary_of_bytes, summary_of_columns
from qtui.store.files.tails import Mark, Tail, tail_of
from qtui.store.files.texts import texts

Keys = frozenset[str] | None


class ValueReader:
    """Reads the wanted values of one store's runs and reports what is damaged in them."""

    def __init__(self, places: Places, report: Report, wanted: Wanted) -> None:
        self._places = places
        self._report = report
        self._wanted = wanted
        self._inputs = InputReader(places.root, report)
        self._plain_names: dict[str, str] = {}

    def read(self, info: RunInfo, trail: Trail | None = None) -> Run | None:
        """A run with the wanted values that can be read; None when the run is gone."""
        folder = self._places.run(info)
        if folder is None:
            return None
        self._report.about(info.experiment_id, info.run_id)
        wanted = self._wanted
        within = (self._places.root, folder)
        params = self._entries(folder, layout.PARAMS, wanted.params, trail)
        points = self._entries(folder, layout.METRICS, wanted.metrics, trail)
        tags = self._entries(folder, layout.TAGS, wanted.tags, trail)
        histories = self._entries(folder, layout.METRICS, wanted.summaries)
        run = Run(
            info=info,
            params=texts(params, within, self._report),
            metrics=self._latest(points, within),
            tags=texts(tags, within, self._report),
            inputs=self.inputs(folder),
            summaries=self._summaries(histories, within),
        )
        return run if os.path.lexists(f"{folder}/{layout.META}") else None

    def inputs(self, folder: str) -> tuple[DatasetInput, ...]:
        """The datasets that the run in a folder read, if they are wanted."""
        return self._inputs.read(folder) if self._wanted.inputs else ()

    def history(self, info: RunInfo, key: str) -> Columns | None:
        """Every point of a metric; None when the run has no such metric."""
        folder = self._places.run(info)
        if folder is None:
            return None
        self._report.about(info.experiment_id, info.run_id)
        for _, path, _ in self._entries(folder, layout.METRICS, frozenset((key,))):
            return history_columns(path, (self._places.root, folder), self._report)
        return None

    def tail(self, info: RunInfo, key: str, mark: Mark | None) -> Tail | None:
        """The points of a metric since a mark; None when the run has no such metric."""
        folder = self._places.run(info)
        if folder is None:
            return None
        self._report.about(info.experiment_id, info.run_id)
        for _, path, _ in self._entries(folder, layout.METRICS, frozenset((key,))):
            return tail_of(path, (self._places.root, folder), self._report, mark)
        return None

    def _entries(self, folder: str, part: str, keys: Keys, trail: Trail | None = None) -> Iterable[Entry]:
        files = ValueFolder((self._places.root, folder), self._report, self._plain_names, trail)
        path = f"{folder}/{part}"
        if keys is None:
            return files.all(path)
        return files.some(path, sorted(keys)) if keys else ()

    def _latest(self, entries: Iterable[Entry], within: tuple[str, ...]) -> dict[str, Point]:
        found: dict[str, Point] = {}
        latest = metrics.latest
        for key, path, data in entries:
            point = None
            if len(data) < CHUNK:
                try:
                    point = latest(data)
                except ValueError:
                    point = None
            if point is None:
                point = self._closely(path, data, within)
            if point is not None:
                found[key] = point
        return found

    def _closely(self, path: str, data: bytes, within: tuple[str, ...]) -> Point | None:
        try:
            tally = tally_of(pieces_of(path, within) if len(data) == CHUNK else iter((data,)))
        except Vanished:
            return None
        except Unreadable as damage:
            self._report.add(path, str(damage))
            return None
        if tally.bad:
            self._report.add(path, metrics.describe(tally.bad))
        elif tally.best is None:
            self._report.add(path, "is empty")
        return tally.best

    def _summaries(self, entries: Iterable[Entry], within: tuple[str, ...]) -> dict[str, Summary]:
        found: dict[str, Summary] = {}
        for key, path, data in entries:
            summary = summary_of_bytes(data) if len(data) < CHUNK else None
            if summary is None:
                columns = history_columns(path, within, self._report)
                summary = None if columns is None else summary_of_columns(columns)
            if summary is not None:
                found[key] = summary
        return found
