"""Run infos: one meta.yaml each."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from qtui.entities import RUN_NAME_TAG, STATUS_CODES, Problem, RunInfo, Status, View
from qtui.store.files import layout, meta
from qtui.store.files.damage import Report, Unreadable, Vanished, reason_of
from qtui.store.files.layout import Folder
from qtui.store.files.opening import CHUNK, FLAGS, read_file
from qtui.store.files.pace import Pace
from qtui.store.files.patience import Patience, Read, settled
from qtui.store.files.usual import usual_info

STATUSES: Mapping[str, str] = {str(code): status for code, status in STATUS_CODES.items()}
STAGES: Mapping[str, str] = {stage.value: stage.value for stage in (View.ACTIVE, View.DELETED)}
NEEDED = ("experiment_id", "user_id", "start_time", "end_time")
"""Keys that every MLflow has written into a run's meta.yaml; without one of them the file is not whole."""

NAME_CAP = 64 * 1024
FIRST = 64
"""After so many runs it is clear whether the disk is slow."""
AT_A_TIME = 16


class InfoReader:
    """Reads the runs of one experiment's folder and reports what is wrong with them."""

    def __init__(self, root: str, experiment: Folder) -> None:
        self._root = root
        self._experiment = experiment
        self._experiment_id = experiment.name
        self._folder = experiment.path
        self._report = Report(root)

    def all(self, patience: Patience) -> Iterator[tuple[RunInfo | None, Sequence[Problem]]]:
        """Every run, of any lifecycle stage, and what is wrong with it; no run where there is none or it is damaged."""
        try:
            for _, info, problems in settled(self._reads(), self.read, patience):
                if info is not None or problems:
                    yield info, problems
        except FileNotFoundError:
            return
        except OSError as error:
            self._report.about(self._experiment_id)
            self._report.add(self._folder, reason_of(error))
            yield None, self._report.drained()

    def _reads(self) -> Iterator[Read[tuple[str, str], RunInfo | None]]:
        """Every folder with what was read of it; where the disk must be waited for, many are read at a time."""
        pace = Pace()
        runs = layout.run_folders(self._folder)
        for run in islice(runs, FIRST):
            yield run, *self.read(run)
        if not pace.waits_for_disk(FIRST):
            yield from ((run, *self.read(run)) for run in runs)
            return
        pool = ThreadPoolExecutor(AT_A_TIME)
        try:
            yield from pool.map(self._read_apart, list(runs))
        finally:
            pool.shutdown(cancel_futures=True)

    def _read_apart(self, run: tuple[str, str]) -> Read[tuple[str, str], RunInfo | None]:
        """What is read of a run by a reader of its own, for a thread."""
        return run, *InfoReader(self._root, self._experiment).read(run)

    def read(self, run: tuple[str, str]) -> tuple[RunInfo | None, Sequence[Problem]]:
        """The run of this name in this folder, and what is wrong with it; none when it is no run or is gone."""
        name, folder = run
        try:
            info = self._usual(name, folder)
        except (OSError, UnicodeDecodeError):
            info = None
        if info is not None:
            return info, ()
        # Whatever is out of the ordinary is looked at again with every care.
        return self._careful(name, folder), self._report.drained()

    def _usual(self, name: str, folder: str) -> RunInfo | None:
        """The run whose description is word for word as MLflow writes it; None for any other."""
        descriptor = os.open(f"{folder}/{layout.META}", FLAGS)
        try:
            data = os.read(descriptor, CHUNK)
        finally:
            os.close(descriptor)
        info = usual_info(data.decode())
        if info is None or info.run_id != name or info.experiment_id != self._experiment_id:
            return None
        return info

    def _careful(self, name: str, folder: str) -> RunInfo | None:
        self._report.about(self._experiment_id, name)
        path = f"{folder}/{layout.META}"
        try:
            found = meta.parse(read_file(path, meta.CAP, (self._root, folder)))
            self._check_identity(found, name)
        except Vanished:
            if os.path.islink(folder) and not os.path.isdir(folder):
                self._report.add(folder, "is a link that leads nowhere")
            elif layout.looks_like_run(folder):
                self._report.add(path, "is missing")
            return None
        except Unreadable as damage:
            self._report.add(path, f"{damage}{self._name_in_tags(folder)}")
            return None
        return self._info(found, name, folder)

    def _check_identity(self, found: meta.Meta, name: str) -> None:
        missing = [key for key in NEEDED if key not in found]
        if "run_id" not in found and "run_uuid" not in found:
            missing.append("run_id")
        # A run without a start is listed without a time; without anything else it may be another's, or half a file.
        if missing and missing != ["start_time"]:
            raise Unreadable(f"is not whole: it has no {', '.join(missing)}")
        run_id = found.get("run_id", found.get("run_uuid"))
        if run_id != name:
            raise Unreadable(f"is of another run: its run_id is {run_id}")
        if found["experiment_id"] != self._experiment_id:
            raise Unreadable(f"is of another experiment: its experiment_id is {found['experiment_id']}")

    def _info(self, found: meta.Meta, name: str, folder: str) -> RunInfo:
        path = f"{folder}/{layout.META}"
        return RunInfo(
            run_id=name,
            experiment_id=self._experiment_id,
            name=_text(found, "run_name") or self._run_name_tag(folder),
            status=self._status(found, path),
            lifecycle_stage=self._stage(found, path),
            start_time=self._time(found, "start_time", path),
            end_time=self._time(found, "end_time", path),
            artifact_uri=_text(found, "artifact_uri"),
            user=_text(found, "user_id"),
        )

    def _status(self, found: meta.Meta, path: str) -> str:
        written = found.get("status", "1")
        if isinstance(written, str) and written in STATUSES:
            return STATUSES[written]
        self._report.add(path, f"has a status that MLflow does not know: {written}")
        return written if isinstance(written, str) and written else Status.RUNNING.value

    def _stage(self, found: meta.Meta, path: str) -> str:
        stage = _text(found, "lifecycle_stage") or "active"
        if stage not in STAGES:
            self._report.add(path, f"has a lifecycle stage that MLflow does not know: {stage}")
        return stage

    def _time(self, found: meta.Meta, key: str, path: str) -> int | None:
        written = found.get(key)
        if written is None and key == "end_time":
            return None
        if key not in found:
            self._report.add(path, f"is not whole: it has no {key}")
            return None
        try:
            return int(float(str(written)))
        except (ValueError, OverflowError):
            self._report.add(path, f"has a {key} that is no time: {written}")
            return None

    def _run_name_tag(self, folder: str) -> str:
        path = f"{folder}/{layout.TAGS}/{RUN_NAME_TAG}"
        try:
            return read_file(path, NAME_CAP, (self._root, folder)).decode(errors="backslashreplace")
        except (Vanished, Unreadable):
            return ""

    def _name_in_tags(self, folder: str) -> str:
        name = self._run_name_tag(folder)
        return f' (the run is called "{name}")' if name else ""


def _text(found: meta.Meta, key: str) -> str:
    value = found.get(key)
    return value if isinstance(value, str) else ""
