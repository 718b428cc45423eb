"""Write a batch of metrics, params and tags into a run: all of it, or nothing after an error."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import ExitStack, nullcontext, suppress

from qtui.entities import RUN_NAME_TAG, RunInfo
from qtui.store.files.layout import folders
from qtui.store.files.layout.meta_edit import edit_meta
from qtui.store.files.writing.run_directory import RunDirectory, StagedFile, damage_errors
from qtui.store.validation import check_key_conflicts, param_conflict
from qtui.store.writer import Batch, Metric


def log_batch(directory: RunDirectory, info: RunInfo, batch: Batch) -> None:
    """Write a batch; raises `BadValue`, `ParamConflict` or `StoreUnwritable`, with nothing written."""
    # The tag of the name also changes meta.yaml, which is read, changed and written back.
    with directory.locked() if RUN_NAME_TAG in batch.tags else nullcontext():
        _write_batch(directory, info, batch)


def _write_batch(directory: RunDirectory, info: RunInfo, batch: Batch) -> None:
    lines = _metric_lines(batch.metrics)
    kinds: Iterable[tuple[str, str, Collection[str]]] = (
        ("metric", folders.METRICS, lines),
        ("param", folders.PARAMS, batch.params),
        ("tag", folders.TAGS, batch.tags),
    )
    for kind, part, keys in kinds:
        check_key_conflicts(kind, keys)
        for key in keys:
            directory.check_writable(f"{part}/{key}")
    params = _new_params(directory, info, batch.params)
    staged_params = [directory.stage(f"{folders.PARAMS}/{key}", value.encode()) for key, value in params.items()]
    staged_tags = [directory.stage(f"{folders.TAGS}/{key}", value.encode()) for key, value in batch.tags.items()]
    if RUN_NAME_TAG in batch.tags:
        staged_tags.append(_stage_run_name(directory, info, batch.tags[RUN_NAME_TAG]))
    with ExitStack() as undo:
        for staged in staged_params:
            _create_param(directory, info, staged, undo)
        for key, data in lines.items():
            path = f"{folders.METRICS}/{key}"
            undo.callback(_try_undo_append, directory, path, *directory.append(path, data))
        undo.pop_all()
    for staged in staged_tags:
        directory.replace(staged)


def _metric_lines(metrics: Iterable[Metric]) -> dict[str, bytes]:
    """Return the lines of every metric in the order of their points."""
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for key, (step, timestamp, value) in metrics:
        lines[key].append(f"{timestamp} {value} {step}\n")
    return {key: "".join(key_lines).encode() for key, key_lines in lines.items()}


def _new_params(directory: RunDirectory, info: RunInfo, params: Mapping[str, str]) -> dict[str, str]:
    """Return the params that the run does not have; raises `ParamConflict` for one with another value."""
    new_params: dict[str, str] = {}
    for key, value in params.items():
        stored = directory.read(f"{folders.PARAMS}/{key}")
        if stored is None:
            new_params[key] = value
        elif stored != value.encode():
            raise param_conflict(info.run_id, key, stored.decode(errors="backslashreplace"), value)
    return new_params


def _stage_run_name(directory: RunDirectory, info: RunInfo, name: str) -> StagedFile:
    """Stage a meta.yaml with another run name."""
    meta = directory.read(folders.META) or b""
    with damage_errors(directory.full_path(folders.META)):
        return directory.stage(folders.META, edit_meta(meta, {"run_name": name}))


def _create_param(directory: RunDirectory, info: RunInfo, staged: StagedFile, undo: ExitStack) -> None:
    """Create the file of a param; raises `ParamConflict` if another process has set another value meanwhile."""
    if directory.create(staged):
        undo.callback(_try_remove, directory, staged.path)
        return
    stored = directory.read(staged.path)
    if stored != staged.data:
        key = staged.path.partition("/")[2]
        present = (stored or b"").decode(errors="backslashreplace")
        raise param_conflict(info.run_id, key, present, staged.data.decode())


def _try_remove(directory: RunDirectory, path: str) -> None:
    """Remove a file after an error; another error here must not mask the first."""
    with suppress(OSError):
        directory.remove(path)


def _try_undo_append(directory: RunDirectory, path: str, before: int, after: int) -> None:
    """Undo an append after an error; another error here must not mask the first."""
    with suppress(OSError):
        directory.undo_append(path, before, after)
