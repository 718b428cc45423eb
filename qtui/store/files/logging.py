"""Puts a batch of values into a run: all of it, or nothing where one thing is refused or the disk is full."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import ExitStack, nullcontext, suppress

from qtui.entities import RUN_NAME_TAG, RunInfo
from qtui.errors import ParamConflict
from qtui.store.files import layout
from qtui.store.files.describing import changed_run
from qtui.store.files.placing import Site, Staged, sound
from qtui.store.validation import check_apart, shown
from qtui.store.writer import Batch, Metric


def log(site: Site, info: RunInfo, batch: Batch) -> None:
    """Put a batch into the run that is in a folder."""
    # The tag of the name also changes meta.yaml, which is read, changed and written back.
    with site.locked() if RUN_NAME_TAG in batch.tags else nullcontext():
        put(site, info, batch)


def put(site: Site, info: RunInfo, batch: Batch) -> None:
    """Write all of a batch, or nothing."""
    lines = lines_of(batch.metrics)
    kinds: Iterable[tuple[str, str, Collection[str]]] = (
        ("metric", layout.METRICS, lines),
        ("param", layout.PARAMS, batch.params),
        ("tag", layout.TAGS, batch.tags),
    )
    for kind, part, keys in kinds:
        check_apart(kind, keys)
        for key in keys:
            site.check_free(f"{part}/{key}")
    params = new_params(site, info, batch.params)
    staged_params = [stage(site, layout.PARAMS, key, value) for key, value in params.items()]
    staged_tags = [stage(site, layout.TAGS, key, value) for key, value in batch.tags.items()]
    if RUN_NAME_TAG in batch.tags:
        staged_tags.append(named(site, info, batch.tags[RUN_NAME_TAG]))
    with ExitStack() as undo:
        for staged in staged_params:
            place(site, info, staged, undo)
        for key, data in lines.items():
            path = f"{layout.METRICS}/{key}"
            undo.callback(quietly_take_back, site, path, *site.append(path, data))
        undo.pop_all()
    for staged in staged_tags:
        site.replace(staged)


def lines_of(metrics: Iterable[Metric]) -> dict[str, bytes]:
    """The lines of every metric, in the order of their points."""
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for key, (step, timestamp, value) in metrics:
        lines[key].append(f"{timestamp} {value} {step}\n")
    return {key: "".join(each).encode() for key, each in lines.items()}


def new_params(site: Site, info: RunInfo, params: Mapping[str, str]) -> dict[str, str]:
    """The params that the run does not have yet."""
    found: dict[str, str] = {}
    for key, value in params.items():
        former = site.read(f"{layout.PARAMS}/{key}")
        if former is None:
            found[key] = value
        elif former != value.encode():
            raise conflict(info, key, former.decode(errors="backslashreplace"), value)
    return found


def stage(site: Site, part: str, key: str, value: str) -> Staged:
    """Write a param or a tag that is to be placed."""
    return site.stage(f"{part}/{key}", value.encode())


def named(site: Site, info: RunInfo, name: str) -> Staged:
    """Write the description of a run under another name that is to be placed."""
    described = site.read(layout.META) or b""
    with sound(site.shown(layout.META)):
        return site.stage(layout.META, changed_run(described, info.run_id, run_name=name))


def place(site: Site, info: RunInfo, staged: Staged, undo: ExitStack) -> None:
    """Put a param into its place, unless another process has been there with another value."""
    if site.place(staged):
        undo.callback(quietly_remove, site, staged.path)
        return
    former = site.read(staged.path)
    if former != staged.data:
        key = staged.path.partition("/")[2]
        raise conflict(info, key, (former or b"").decode(errors="backslashreplace"), staged.data.decode())


def conflict(info: RunInfo, key: str, former: str, value: str) -> ParamConflict:
    """The error of a param that was to be given another value."""
    return ParamConflict(
        f"The param {shown(key)} of the run {info.run_id} is {shown(former)} already and cannot become {shown(value)}."
    )


def quietly_remove(site: Site, path: str) -> None:
    """Take a file away again, after something went wrong that is told already."""
    with suppress(OSError):
        site.remove(path)


def quietly_take_back(site: Site, path: str, before: int, after: int) -> None:
    """Take lines away again, after something went wrong that is told already."""
    with suppress(OSError):
        site.take_back(path, before, after)
