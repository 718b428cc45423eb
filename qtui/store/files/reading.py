"""Reads runs one by one, or takes them from what is known of them when no file of theirs has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from qtui.entities import Problem, Run, RunInfo
from qtui.query.wanted import Wanted
from qtui.store.files.damage import Report
from qtui.store.files.fingerprint import Trail
from qtui.store.files.places import Places
from qtui.store.files.records import Line, run_of, still_hold, values_of, values_text
from qtui.store.files.values import ValueReader


class Reading(NamedTuple):
    """What came of reading a run: nothing when it is gone, and a line to keep when nothing was wrong."""

    run: Run | None
    problems: tuple[Problem, ...] = ()
    line: Line | None = None
    is_known: bool = False
    """Whether the line is the one that was known before."""


class RunReader:
    """Reads the wanted values of one store's runs; `keep` makes lines of them for the next time."""

    def __init__(self, root: str, wanted: Wanted, keep: bool) -> None:
        self._report = Report(root)
        self._places = Places(root)
        self._values = ValueReader(self._places, self._report, wanted)
        self._keep = keep

    def read(self, info: RunInfo, known: Line | None = None) -> Reading:
        """A run's values, known or read."""
        folder = self._places.run(info)
        if folder is None:
            return Reading(None)
        if known is not None:
            values = values_of(known.values)
            if still_hold(values, known.fingerprint, folder):
                return self._known(run_of(info, values), folder, known)
        return self._fresh(info, folder)

    def _known(self, run: Run, folder: str, line: Line) -> Reading:
        inputs = self._values.inputs(folder)
        return Reading(replace(run, inputs=inputs) if inputs else run, self._report.drained(), line, is_known=True)

    def _fresh(self, info: RunInfo, folder: str) -> Reading:
        try:
            trail = Trail(folder) if self._keep else None
        except OSError:
            return Reading(None)
        run = self._values.read(info, trail)
        problems = self._report.drained()
        if run is None:
            return Reading(None)
        if trail is None or problems or not (fingerprint := trail.fingerprint()):
            return Reading(run, problems)
        return Reading(run, problems, Line(values_text(run, trail.folders), fingerprint))
