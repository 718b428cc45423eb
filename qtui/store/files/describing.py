"""What a meta.yaml says of runs and experiments, written as MLflow 3 does and so that MLflow 1 can read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from qtui.entities import STATUS_CODES, Experiment, RunInfo
from qtui.store.files import meta
from qtui.store.files.damage import Unreadable
from qtui.store.files.yaml_events import mapping_of

SOURCE_TYPE_LOCAL = 4
CODES: Mapping[str, int] = {status: code for code, status in STATUS_CODES.items()}

_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def run_fields(info: RunInfo) -> dict[str, object]:
    """What is said of a run; `run_uuid` is what MLflow 1 and 2 look for."""
    return {
        "artifact_uri": info.artifact_uri,
        "end_time": info.end_time,
        "entry_point_name": "",
        "experiment_id": info.experiment_id,
        "lifecycle_stage": info.lifecycle_stage,
        "run_id": info.run_id,
        "run_name": info.name,
        "run_uuid": info.run_id,
        "source_name": "",
        "source_type": SOURCE_TYPE_LOCAL,
        "source_version": "",
        "start_time": info.start_time,
        "status": CODES[info.status],
        "tags": [],
        "user_id": info.user,
    }


def experiment_fields(experiment: Experiment) -> dict[str, object]:
    """What is said of an experiment; its tags are files of their own."""
    return {
        "artifact_location": experiment.artifact_location,
        "creation_time": experiment.creation_time,
        "effective_trace_archival_retention": None,
        "experiment_id": experiment.experiment_id,
        "last_update_time": experiment.last_update_time,
        "lifecycle_stage": experiment.lifecycle_stage,
        "name": experiment.name,
        "trace_location": None,
        "workspace": "default",
    }


def written(fields: Mapping[str, object]) -> bytes:
    """The fields as the text of a meta.yaml."""
    text: str = yaml.dump(dict(fields), Dumper=_Dumper, allow_unicode=True, default_flow_style=False)
    return text.encode()


def changed(data: bytes, **changes: object) -> bytes:
    """A meta.yaml with some fields changed, of which None takes `deleted_time` away; all others stay."""
    fields = {**_fields_of(data), **changes}
    if fields.get("deleted_time") is None:
        fields.pop("deleted_time", None)
    return written(fields)


def changed_run(data: bytes, run_id: str, **changes: object) -> bytes:
    """The meta.yaml of a run with some fields changed, and with its id under both of its names."""
    return changed(data, run_id=run_id, run_uuid=run_id, **changes)


def _fields_of(data: bytes) -> dict[str, Any]:
    if len(data) > meta.CAP:
        raise Unreadable(f"is larger than {meta.CAP // 1024} kB")
    try:
        text = data.decode()
        # Refuses what would bring a real YAML parser down, or would not be a mapping.
        mapping_of(text)
        loaded: dict[str, Any] = yaml.load(text, Loader=_Loader)
    except UnicodeDecodeError:
        raise Unreadable("is not UTF-8 text") from None
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable(f"is not valid YAML: {error}") from None
    return loaded
