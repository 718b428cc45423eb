"""Queries for the models that a run has logged; databases before MLflow 3 have none."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from qtui.entities import LoggedModel, Point, RunInfo
from qtui.store.sql.connections.database import Row, Snapshot
from qtui.store.sql.reading.run_values import convert_point
from qtui.store.sql.schema.cells import as_int, as_text

Texts = defaultdict[str, dict[str, str]]


def read_logged_models(snapshot: Snapshot, info: RunInfo) -> tuple[LoggedModel, ...]:
    """Return the models among a run's outputs, sorted by name."""
    tables = snapshot.tables
    inputs, c = tables.inputs.c, tables.logged_models.c
    is_output = sa.and_(inputs.source_id == info.run_id, inputs.destination_type == "MODEL_OUTPUT")
    outputs = sa.select(inputs.destination_id).where(is_output)
    columns = (
        c.model_id,
        c.experiment_id,
        c.name,
        c.status,
        c.model_type,
        c.artifact_location,
        c.creation_timestamp_ms,
    )
    is_active = sa.func.coalesce(c.lifecycle_stage, "active") != "deleted"
    statement = sa.select(*columns).where(c.model_id.in_(outputs), is_active).order_by(c.name, c.model_id)
    rows = snapshot.rows(statement)
    if not rows:
        return ()
    params, tags = tables.logged_model_params.c, tables.logged_model_tags.c
    param_texts = _texts(snapshot, outputs, params.model_id, params.param_key, params.param_value)
    tag_texts = _texts(snapshot, outputs, tags.model_id, tags.tag_key, tags.tag_value)
    points = _latest_points(snapshot, outputs)
    return tuple(_model(row, param_texts, points, tag_texts) for row in rows)


def _model(row: Row, params: Texts, points: defaultdict[str, dict[str, Point]], tags: Texts) -> LoggedModel:
    model_id, experiment_id, name, status, kind, location, created = row
    key = as_text(model_id)
    return LoggedModel(
        model_id=key,
        experiment_id=as_text(experiment_id),
        name=as_text(name),
        status=LoggedModel.status_of(as_text(status)),
        model_type=as_text(kind),
        artifact_location=as_text(location),
        creation_time=as_int(created),
        params=params[key],
        metrics=points[key],
        tags=tags[key],
    )


def _texts(snapshot: Snapshot, outputs: sa.Select[Any], model_id: Any, key: Any, value: Any) -> Texts:
    texts: Texts = defaultdict(dict)
    for model, name, text in snapshot.rows(sa.select(model_id, key, value).where(model_id.in_(outputs))):
        texts[as_text(model)][as_text(name)] = as_text(text)
    return texts


def _latest_points(snapshot: Snapshot, outputs: sa.Select[Any]) -> defaultdict[str, dict[str, Point]]:
    c = snapshot.tables.logged_model_metrics.c
    columns = (c.model_id, c.metric_name, c.metric_step, c.metric_timestamp_ms, c.metric_value)
    points: defaultdict[str, dict[str, Point]] = defaultdict(dict)
    for model, name, step, timestamp, value in snapshot.rows(sa.select(*columns).where(c.model_id.in_(outputs))):
        if point := convert_point(step, timestamp, value, is_nan=value is None):
            latest = points[as_text(model)]
            latest[as_text(name)] = max(point, latest.get(as_text(name), point))
    return points
