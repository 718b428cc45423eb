"""Create the record templates listed in a workflow config."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qtui.errors import ConfigError
from qtui.quant.templates.template import FillableRecorder, RecordTemp
from qtui.quant.workflow.instances import init_instance_by_config, with_own_modules
from qtui.quant.workflow.placeholders import fill_placeholder
from qtui.quant.workflow.workflow_file import read_workflow

TEMPLATES_MODULE = "qtui.quant.templates"


def records_of(
    config: Path | str | Mapping[str, Any] | Sequence[Any],
    *,
    recorder: FillableRecorder,
    model: Any = None,
    dataset: Any = None,
    pred: Any = None,
    prices: Any = None,
) -> list[Any]:
    """Return the records of a workflow, given as its file, its config, a task, or a list of record configs.

    `model`, `dataset` and `pred` fill <MODEL>, <DATASET> and <PRED>; they and `prices` are passed to every record
    class that accepts them. Qlib's record classes are replaced by qtui's, which work with any recorder. Raises
    ConfigError if the config has no records.

    >>> class NoRecorder: ...
    >>> task = {"record": {"class": "SigAnaRecord", "kwargs": {"ana_long_short": True}}}
    >>> [type(record).__name__ for record in records_of(task, recorder=NoRecorder())]
    ['SigAnaRecord']
    """
    placeholders = {"<MODEL>": model, "<DATASET>": dataset, "<PRED>": pred}
    values = {name: value for name, value in placeholders.items() if value is not None}
    optional = {"model": model, "dataset": dataset, "prices": prices}
    return [
        init_instance_by_config(
            with_own_modules(record),
            default_module=TEMPLATES_MODULE,
            accept_types=RecordTemp,
            try_kwargs={name: value for name, value in optional.items() if value is not None},
            recorder=recorder,
        )
        for record in _record_configs(fill_placeholder(_task(config), values))
    ]


def _task(config: Any) -> Any:
    """Return the task of a workflow, in which placeholders are looked up."""
    workflow = read_workflow(config) if isinstance(config, Path | str) else config
    return workflow["task"] if isinstance(workflow, Mapping) and "task" in workflow else workflow


def _record_configs(task: Any) -> list[Any]:
    """Return the record configs of a task, which has one or a list of them."""
    if isinstance(task, Mapping) and not {"class", "func"} & task.keys():
        if "record" not in task:
            raise ConfigError("The config has no records: neither task.record nor record is set.")
        task = task["record"] or []
    return [task] if isinstance(task, Mapping) else list(task)
