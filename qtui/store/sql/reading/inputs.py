"""The datasets that runs read, with the tags of their use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa

from qtui.entities import DatasetInput
from qtui.store.sql.connections.database import Look
from qtui.store.sql.reading.members import Members
from qtui.store.sql.schema.cells import text


def inputs_of(look: Look, chosen: Members) -> Mapping[str, tuple[DatasetInput, ...]]:
    """The datasets of these runs."""
    inputs, datasets = look.tables.inputs.c, look.tables.datasets.c
    tags = tags_of(look, chosen)
    read: defaultdict[str, dict[str, DatasetInput]] = defaultdict(dict)
    columns = (
        inputs.destination_id,
        inputs.input_uuid,
        datasets.dataset_uuid,
        datasets.name,
        datasets.digest,
        datasets.dataset_source_type,
        datasets.dataset_source,
        datasets.dataset_schema,
        datasets.dataset_profile,
    )
    joined = sa.join(look.tables.inputs, look.tables.datasets, inputs.source_id == datasets.dataset_uuid)
    statement = sa.select(*columns).select_from(joined).where(of_runs(look, chosen))
    for run_id, input_id, dataset_id, name, digest, kind, source, schema, profile in look.rows(statement):
        parts = (text(name), text(digest), text(kind), text(source), optional(schema), optional(profile))
        read[run_id].setdefault(dataset_id, DatasetInput(*parts, tags=tags.get(input_id, {})))
    return {run_id: tuple(each.values()) for run_id, each in read.items()}


def tags_of(look: Look, chosen: Members) -> Mapping[str, Mapping[str, str]]:
    """The tags of the uses of datasets, by the id of the use."""
    inputs, input_tags = look.tables.inputs.c, look.tables.input_tags.c
    joined = sa.join(look.tables.inputs, look.tables.input_tags, inputs.input_uuid == input_tags.input_uuid)
    columns = (input_tags.input_uuid, input_tags.name, input_tags.value)
    tags: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for input_id, name, value in look.rows(sa.select(*columns).select_from(joined).where(of_runs(look, chosen))):
        tags[input_id][text(name)] = text(value)
    return tags


def of_runs(look: Look, chosen: Members) -> sa.ColumnElement[bool]:
    """Whether something is an input of one of these runs."""
    inputs = look.tables.inputs.c
    return sa.and_(inputs.destination_type == "RUN", chosen.hold(inputs.destination_id))


def optional(cell: object) -> str | None:
    """A cell as text, or None if there is nothing in it."""
    return None if cell is None else text(cell)
