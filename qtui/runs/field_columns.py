"""Any field of a frame as a column: attributes and datasets as well as logged values."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qtui.entities import DatasetInput
from qtui.query.ast import Field, FieldKind
from qtui.query.field_values import CONTEXT_TAG
from qtui.runs.column_data import CategoricalColumn, NumberColumn, TextColumn, ValueColumn
from qtui.runs.run_infos import TIME_ATTRIBUTES
from qtui.runs.runs_frame import RunsFrame

_DATASET_FIELDS: Mapping[str, Callable[[DatasetInput], str]] = {
    "name": lambda dataset: dataset.name,
    "digest": lambda dataset: dataset.digest,
    "context": lambda dataset: dataset.tags.get(CONTEXT_TAG, ""),
}


def field_column(frame: RunsFrame, field: Field, now: int) -> ValueColumn | None:
    """Return the values of a field by row; None if no run has it."""
    if field.kind is FieldKind.ATTRIBUTE:
        if field.key in TIME_ATTRIBUTES:
            return time_column(frame, field.key, now)
        return frame.infos.text_column(field.key)
    if field.kind is FieldKind.DATASET:
        return dataset_column(frame, field.key)
    return frame.column(field)


def time_column(frame: RunsFrame, key: str, now: int) -> NumberColumn:
    """Return start times, end times or durations (ms)."""
    if key == "duration":
        return frame.infos.durations(now)
    return frame.infos.start_times if key == "start_time" else frame.infos.end_times


def dataset_column(frame: RunsFrame, key: str) -> TextColumn:
    """Return one text per run that joins a field of all its datasets."""
    get = _DATASET_FIELDS[key]
    inputs = frame.inputs
    texts = {code: ", ".join(filter(None, map(get, inputs.pool.values[code]))) or None for code in inputs.used_codes}
    return CategoricalColumn.from_values(map(texts.get, inputs.codes))
