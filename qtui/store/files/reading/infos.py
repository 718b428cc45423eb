"""Read run infos: one meta.yaml per run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from qtui.entities import RUN_NAME_TAG, STATUS_CODES, Problem, RunInfo, Status, ViewType
from qtui.store.files.damage import BROKEN_LINK, DamageReport, Unreadable, Vanished, reason_of
from qtui.store.files.layout import folders
from qtui.store.files.layout.fast_meta import Meta, parse_run_info
from qtui.store.files.layout.folders import ExperimentFolder
from qtui.store.files.layout.meta import MAX_META_BYTES, parse_meta, text_field
from qtui.store.files.reading.opening import CHUNK_BYTES, FILE_FLAGS, read_file
from qtui.store.files.reading.rereads import ReadResult, RereadBudget, reread_fresh
from qtui.store.io_timer import IoTimer

STATUSES: Mapping[str, str] = {str(code): status for code, status in STATUS_CODES.items()}
STAGES: Mapping[str, str] = {stage.value: stage.value for stage in (ViewType.ACTIVE, ViewType.DELETED)}
REQUIRED_KEYS = ("experiment_id", "user_id", "start_time", "end_time")
"""Keys that every version of MLflow writes into a run's meta.yaml; without one of them the file is incomplete."""

MAX_NAME_BYTES = 64 * 1024
PROBE_RUNS = 64
"""Number of runs to read before deciding whether the disk is slow."""
MAX_THREADS = 16


class InfoReader:
    """Reader of the runs in one experiment's folder that reports damage."""

    def __init__(self, root: str, experiment: ExperimentFolder) -> None:
        self._root = root
        self._experiment = experiment
        self._experiment_id = experiment.name
        self._folder = experiment.path
        self._report = DamageReport(root)

    def read_all(self, budget: RereadBudget) -> Iterator[tuple[RunInfo | None, Sequence[Problem]]]:
        """Yield every run of any lifecycle stage with its problems; a damaged run has problems only."""
        try:
            for _, info, problems in reread_fresh(self._read_once(), self.read, budget):
                if info is not None or problems:
                    yield info, problems
        except FileNotFoundError:
            return
        except OSError as error:
            self._report.set_context(self._experiment_id)
            self._report.add(self._folder, reason_of(error))
            yield None, self._report.drain()

    def _read_once(self) -> Iterator[ReadResult[tuple[str, str], RunInfo | None]]:
        """Yield the result of every folder; on a slow disk, read with several threads."""
        timer = IoTimer()
        runs = folders.run_folders(self._folder)
        for run in islice(runs, PROBE_RUNS):
            yield run, *self.read(run)
        if not timer.is_io_bound(PROBE_RUNS):
            yield from ((run, *self.read(run)) for run in runs)
            return
        from concurrent.futures import ThreadPoolExecutor

        pool = ThreadPoolExecutor(MAX_THREADS)
        try:
            yield from pool.map(self._read_in_thread, list(runs))
        finally:
            pool.shutdown(cancel_futures=True)

    def _read_in_thread(self, run: tuple[str, str]) -> ReadResult[tuple[str, str], RunInfo | None]:
        # The report is not thread-safe, so every read has its own.
        return run, *InfoReader(self._root, self._experiment).read(run)

    def read(self, run: tuple[str, str]) -> tuple[RunInfo | None, Sequence[Problem]]:
        """Read the run of this name and path; without info if it is not a run, damaged or gone."""
        name, folder = run
        try:
            info = self._read_fast(name, folder)
        except (OSError, UnicodeDecodeError):
            info = None
        if info is not None:
            return info, ()
        return self._read_checked(name, folder), self._report.drain()

    def _read_fast(self, name: str, folder: str) -> RunInfo | None:
        """Read a run whose meta.yaml has exactly the form that MLflow writes; None for any other."""
        descriptor = os.open(f"{folder}/{folders.META}", FILE_FLAGS)
        try:
            data = os.read(descriptor, CHUNK_BYTES)
        finally:
            os.close(descriptor)
        info = parse_run_info(data.decode())
        if info is None or info.run_id != name or info.experiment_id != self._experiment_id:
            return None
        return info

    def _read_checked(self, name: str, folder: str) -> RunInfo | None:
        """Read a run with all checks, and report damage."""
        self._report.set_context(self._experiment_id, name)
        path = f"{folder}/{folders.META}"
        try:
            meta = parse_meta(read_file(path, MAX_META_BYTES, (self._root, folder)))
            self._check_identity(meta, name)
        except Vanished:
            if folders.is_broken_link(folder):
                self._report.add(folder, BROKEN_LINK)
            elif folders.looks_like_run(folder):
                self._report.add(path, "is missing")
            return None
        except Unreadable as damage:
            self._report.add(path, f"{damage}{self._name_hint(folder)}")
            return None
        return self._build_info(meta, name, folder)

    def _check_identity(self, meta: Meta, name: str) -> None:
        missing = [key for key in REQUIRED_KEYS if key not in meta]
        if "run_id" not in meta and "run_uuid" not in meta:
            missing.append("run_id")
        # A run without a start time is listed; without another key the file may be truncated or belong elsewhere.
        if missing and missing != ["start_time"]:
            raise Unreadable(f"is incomplete: it has no {', '.join(missing)}")
        run_id = meta.get("run_id", meta.get("run_uuid"))
        if run_id != name:
            raise Unreadable(f"belongs to another run: its run_id is {run_id}")
        if meta["experiment_id"] != self._experiment_id:
            raise Unreadable(f"belongs to another experiment: its experiment_id is {meta['experiment_id']}")

    def _build_info(self, meta: Meta, name: str, folder: str) -> RunInfo:
        path = f"{folder}/{folders.META}"
        return RunInfo(
            run_id=name,
            experiment_id=self._experiment_id,
            name=text_field(meta, "run_name") or self._run_name_tag(folder),
            status=self._status(meta, path),
            lifecycle_stage=self._stage(meta, path),
            start_time=self._time(meta, "start_time", path),
            end_time=self._time(meta, "end_time", path),
            artifact_uri=text_field(meta, "artifact_uri"),
            user=text_field(meta, "user_id"),
        )

    def _status(self, meta: Meta, path: str) -> str:
        status = meta.get("status", "1")
        if isinstance(status, str) and status in STATUSES:
            return STATUSES[status]
        self._report.add(path, f"has an unknown status: {status}")
        return status if isinstance(status, str) and status else Status.RUNNING.value

    def _stage(self, meta: Meta, path: str) -> str:
        stage = text_field(meta, "lifecycle_stage") or "active"
        if stage not in STAGES:
            self._report.add(path, f"has an unknown lifecycle stage: {stage}")
        return stage

    def _time(self, meta: Meta, key: str, path: str) -> int | None:
        value = meta.get(key)
        if value is None and key == "end_time":
            return None
        if key not in meta:
            self._report.add(path, f"is incomplete: it has no {key}")
            return None
        try:
            return int(float(str(value)))
        except (ValueError, OverflowError):
            self._report.add(path, f"has an invalid {key}: {value}")
            return None

    def _run_name_tag(self, folder: str) -> str:
        path = f"{folder}/{folders.TAGS}/{RUN_NAME_TAG}"
        try:
            return read_file(path, MAX_NAME_BYTES, (self._root, folder)).decode(errors="backslashreplace")
        except (Vanished, Unreadable):
            return ""

    def _name_hint(self, folder: str) -> str:
        name = self._run_name_tag(folder)
        return f' (run name: "{name}")' if name else ""


def find_runs(root: str, prefix: str) -> tuple[RunInfo, ...]:
    """Return the runs whose ID starts with a prefix, sorted by ID; an exact ID gives that run only."""
    experiments = list(folders.experiment_folders(root, ViewType.ALL))
    exact = [(folder, prefix) for folder in experiments if folders.is_folder_name(prefix)]
    return _read_runs(root, iter(exact)) or _read_runs(root, _runs_with_prefix(experiments, prefix))


def _runs_with_prefix(experiments: list[ExperimentFolder], prefix: str) -> Iterator[tuple[ExperimentFolder, str]]:
    for folder in experiments:
        try:
            names = os.listdir(folder.path)
        except OSError:
            continue
        yield from ((folder, name) for name in names if name.startswith(prefix) and folders.is_possible_run(name))


def _read_runs(root: str, runs: Iterator[tuple[ExperimentFolder, str]]) -> tuple[RunInfo, ...]:
    results = (InfoReader(root, folder).read((name, f"{folder.path}/{name}")) for folder, name in runs)
    return tuple(sorted((info for info, _ in results if info is not None), key=lambda info: info.run_id))
