"""Makes the records that a workflow asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qtui.errors import ConfigError
from qtui.quant.templates.surface import FillableRecorder
from qtui.quant.templates.template import RecordTemp
from qtui.quant.workflow.file import read_workflow
from qtui.quant.workflow.instances import init_instance_by_config, standing_in
from qtui.quant.workflow.placeholders import fill_placeholder

OUR_RECORDS = "qtui.quant.templates"


def records_of(
    config: Path | str | Mapping[str, Any] | Sequence[Any],
    *,
    recorder: FillableRecorder,
    model: Any = None,
    dataset: Any = None,
    pred: Any = None,
    prices: Any = None,
) -> list[Any]:
    """The records of a workflow: of its file, of its config, of a task, or of a list of records.

    `model`, `dataset` and `pred` fill <MODEL>, <DATASET> and <PRED>, and go to every record that takes them, as do
    `prices`. Records of Qlib's module are qtui's own, which any recorder can hold.

    >>> class Nowhere: ...
    >>> task = {"record": {"class": "SigAnaRecord", "kwargs": {"ana_long_short": True}}}
    >>> [type(each).__name__ for each in records_of(task, recorder=Nowhere())]
    ['SigAnaRecord']
    """
    given = {"<MODEL>": model, "<DATASET>": dataset, "<PRED>": pred}
    known = {name: value for name, value in given.items() if value is not None}
    offered = {"model": model, "dataset": dataset, "prices": prices}
    return [
        init_instance_by_config(
            standing_in(each),
            default_module=OUR_RECORDS,
            accept_types=RecordTemp,
            try_kwargs={name: value for name, value in offered.items() if value is not None},
            recorder=recorder,
        )
        for each in _described(fill_placeholder(_task(config), known))
    ]


def _task(config: Any) -> Any:
    """The part of a workflow that placeholders such as <dataset.kwargs.segments.test.0> are looked up in."""
    whole = read_workflow(config) if isinstance(config, Path | str) else config
    return whole["task"] if isinstance(whole, Mapping) and "task" in whole else whole


def _described(task: Any) -> list[Any]:
    """The descriptions of records, wherever a task keeps them: one alone, or several."""
    if isinstance(task, Mapping) and not {"class", "func"} & task.keys():
        if "record" not in task:
            raise ConfigError("The config asks for no records: it has neither task.record nor record.")
        task = task["record"] or []
    return [task] if isinstance(task, Mapping) else list(task)
