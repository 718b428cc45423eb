"""Query for the models that a run has logged; databases before MLflow 3 have none."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from qtui.entities import LoggedModel, Point, RunInfo
from qtui.store.sql.connections.database import Row, Snapshot
from qtui.store.sql.reading.run_values import convert_point
from qtui.store.sql.schema.cells import as_int, as_text


def read_logged_models(snapshot: Snapshot, info: RunInfo) -> tuple[LoggedModel, ...]:
    """Return the models among a run's outputs, sorted by name."""
    models, inputs = snapshot.tables.logged_models, snapshot.tables.inputs
    is_output = sa.and_(inputs.c.source_id == info.run_id, inputs.c.destination_type == "MODEL_OUTPUT")
    outputs = sa.select(inputs.c.destination_id).where(is_output)
    c = models.c
    columns = (
        c.model_id,
        c.experiment_id,
        c.name,
        c.status,
        c.model_type,
        c.artifact_location,
        c.creation_timestamp_ms,
    )
    statement = sa.select(*columns).where(c.model_id.in_(outputs), c.lifecycle_stage != "deleted")
    rows = snapshot.rows(statement.order_by(c.name, c.model_id))
    return tuple(_model(snapshot, row) for row in rows)


def _model(snapshot: Snapshot, row: Row) -> LoggedModel:
    model_id, experiment_id, name, status, kind, location, created = row
    tables = snapshot.tables
    params, tags, metrics = tables.logged_model_params.c, tables.logged_model_tags.c, tables.logged_model_metrics.c
    points = snapshot.rows(
        sa.select(metrics.metric_name, metrics.metric_step, metrics.metric_timestamp_ms, metrics.metric_value).where(
            metrics.model_id == model_id
        )
    )
    latest: dict[str, Point] = {}
    for key, step, timestamp, value in points:
        if point := convert_point(step, timestamp, value, is_nan=value is None):
            latest[as_text(key)] = max(point, latest.get(as_text(key), point))
    return LoggedModel(
        model_id=as_text(model_id),
        experiment_id=as_text(experiment_id),
        name=as_text(name),
        status=LoggedModel.status_of(as_text(status)),
        model_type=as_text(kind),
        artifact_location=as_text(location),
        creation_time=as_int(created),
        params=_texts(snapshot, params.param_key, params.param_value, params.model_id == model_id),
        metrics=latest,
        tags=_texts(snapshot, tags.tag_key, tags.tag_value, tags.model_id == model_id),
    )


def _texts(snapshot: Snapshot, key: Any, value: Any, condition: Any) -> dict[str, str]:
    return {as_text(name): as_text(text) for name, text in snapshot.rows(sa.select(key, value).where(condition))}
