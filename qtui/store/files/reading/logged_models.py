"""Read the models that a run has logged; MLflow 3 keeps them beside the runs of an experiment."""

from __future__ import annotations

import os
from collections.abc import Iterator

from qtui.entities import LoggedModel, Point, is_model_id
from qtui.store.files.damage import DamageReport, Unreadable, Vanished, reason_of
from qtui.store.files.layout import folders
from qtui.store.files.layout.folders import RunLocator
from qtui.store.files.layout.meta import MAX_META_BYTES, parse_meta, text_field
from qtui.store.files.reading.metric_files import latest_point
from qtui.store.files.reading.opening import read_file
from qtui.store.files.reading.value_files import ValueFolder, decode_texts

POINT_FIELDS = 3
"""Fields of a line of a metric that belong to the point; run and dataset follow."""


def read_logged_models(locator: RunLocator, run_folder: str, report: DamageReport) -> tuple[LoggedModel, ...]:
    """Return the models among a run's outputs, sorted by name."""
    parent = f"{run_folder}/{folders.OUTPUTS}"
    try:
        names = os.listdir(parent)
    except FileNotFoundError:
        return ()
    except OSError as error:
        report.add(parent, reason_of(error))
        return ()
    experiment = os.path.dirname(run_folder)
    models = (
        _read_model(locator, f"{experiment}/{folders.MODELS}/{name}", report) for name in names if is_model_id(name)
    )
    return tuple(sorted(filter(None, models), key=lambda model: (model.name, model.model_id)))


def _read_model(locator: RunLocator, folder: str, report: DamageReport) -> LoggedModel | None:
    path = f"{folder}/{folders.META}"
    allowed_roots = (locator.root, folder)
    try:
        meta = parse_meta(read_file(path, MAX_META_BYTES, allowed_roots))
    except Vanished:
        return None
    except Unreadable as damage:
        report.add(path, str(damage))
        return None
    if meta.get("lifecycle_stage") == "deleted":
        return None
    values = ValueFolder(allowed_roots, report, {})
    status, created = str(meta.get("status", "")), str(meta.get("creation_timestamp", ""))
    return LoggedModel(
        model_id=os.path.basename(folder),
        experiment_id=text_field(meta, "experiment_id"),
        name=text_field(meta, "name"),
        status=LoggedModel.status_of(status),
        model_type=text_field(meta, "model_type"),
        artifact_location=text_field(meta, "artifact_location"),
        creation_time=int(created) if created.isdecimal() else None,
        params=decode_texts(values.read_all(f"{folder}/{folders.PARAMS}"), allowed_roots, report),
        metrics=dict(_latest_points(values, f"{folder}/{folders.METRICS}", report)),
        tags=decode_texts(values.read_all(f"{folder}/{folders.TAGS}"), allowed_roots, report),
    )


def _latest_points(values: ValueFolder, folder: str, report: DamageReport) -> Iterator[tuple[str, Point]]:
    for key, path, data in values.read_all(folder):
        lines = (b" ".join(line.split()[:POINT_FIELDS]) for line in data.splitlines() if line.strip())
        point = latest_point(b"".join(line + b"\n" for line in lines))
        if point is None:
            report.add(path, "has lines that are no points of a metric")
        else:
            yield key, point
