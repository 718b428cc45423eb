"""Any field of a frame as one column: attributes and datasets beside what was logged."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qtui.entities import DatasetInput
from qtui.query.ast import Field, Kind
from qtui.query.values import CONTEXT_TAG
from qtui.runs.frame import RunsFrame
from qtui.runs.infos import TIMES
from qtui.runs.values import Coded, Column, Numbers, Texts

_DATASET_PARTS: Mapping[str, Callable[[DatasetInput], str]] = {
    "name": lambda dataset: dataset.name,
    "digest": lambda dataset: dataset.digest,
    "context": lambda dataset: dataset.tags.get(CONTEXT_TAG, ""),
}


def column_of(frame: RunsFrame, field: Field, now: int) -> Column | None:
    """The values of a field by row; None when no run has it."""
    if field.kind is Kind.ATTRIBUTE:
        return times_of(frame, field.key, now) if field.key in TIMES else frame.infos.texts(field.key)
    if field.kind is Kind.DATASET:
        return datasets_of(frame, field.key)
    return frame.column(field)


def times_of(frame: RunsFrame, key: str, now: int) -> Numbers:
    """When the runs started or ended, or how long they took."""
    if key == "duration":
        return frame.infos.lasted(now)
    return frame.infos.started if key == "start_time" else frame.infos.ended


def datasets_of(frame: RunsFrame, key: str) -> Texts:
    """One text a run for all the datasets that it read."""
    part = _DATASET_PARTS[key]
    inputs = frame.inputs
    texts = {code: ", ".join(filter(None, map(part, inputs.pool.values[code]))) or None for code in inputs.used}
    return Coded.of(map(texts.get, inputs.codes))
