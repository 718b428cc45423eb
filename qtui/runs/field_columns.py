"""Any field of a frame as one column: attributes and datasets beside what was logged."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qtui.entities import DatasetInput
from qtui.query.ast import Field, Kind
from qtui.query.values import CONTEXT_TAG
from qtui.runs.column_data import CodedColumn, NumberColumn, TextColumn, ValueColumn
from qtui.runs.run_infos import TIME_ATTRIBUTES
from qtui.runs.runs_frame import RunsFrame

_DATASET_PARTS: Mapping[str, Callable[[DatasetInput], str]] = {
    "name": lambda dataset: dataset.name,
    "digest": lambda dataset: dataset.digest,
    "context": lambda dataset: dataset.tags.get(CONTEXT_TAG, ""),
}


def field_column(frame: RunsFrame, field: Field, now: int) -> ValueColumn | None:
    """The values of a field by row; None when no run has it."""
    if field.kind is Kind.ATTRIBUTE:
        return time_column(frame, field.key, now) if field.key in TIME_ATTRIBUTES else frame.infos.texts(field.key)
    if field.kind is Kind.DATASET:
        return dataset_column(frame, field.key)
    return frame.column(field)


def time_column(frame: RunsFrame, key: str, now: int) -> NumberColumn:
    """When the runs started or ended, or how long they took."""
    if key == "duration":
        return frame.infos.lasted(now)
    return frame.infos.started if key == "start_time" else frame.infos.ended


def dataset_column(frame: RunsFrame, key: str) -> TextColumn:
    """One text a run for all the datasets that it read."""
    part = _DATASET_PARTS[key]
    inputs = frame.inputs
    texts = {code: ", ".join(filter(None, map(part, inputs.pool.values[code]))) or None for code in inputs.used}
    return CodedColumn.of(map(texts.get, inputs.codes))
