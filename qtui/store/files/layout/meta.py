"""Read and write meta.yaml: the fields of an experiment, a run, a dataset or an input."""

from __future__ import annotations

from collections.abc import Mapping

from qtui.entities import STATUS_CODES, ExperimentInfo, RunInfo
from qtui.store.files.damage import Unreadable
from qtui.store.files.layout.fast_meta import Meta, NotPlain, parse_plain_mapping

# PyYAML takes 20 ms to import and most stores are read without it: the functions that need it import it.

MAX_META_BYTES = 64 * 1024
MAX_DATASET_META_BYTES = 20 * 1024 * 1024
"""MLflow allows 16 MB for the profile of a dataset."""

SOURCE_TYPE_LOCAL = 4
CODES: Mapping[str, int] = {status: code for code, status in STATUS_CODES.items()}


def parse_meta(data: bytes) -> Meta:
    """Parse a meta.yaml; raises `Unreadable` if it is not a flat mapping."""
    if not data.strip():
        raise Unreadable("is empty")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Unreadable("is not UTF-8 text") from None
    try:
        return parse_plain_mapping(text)
    except NotPlain:
        from qtui.store.files.layout.yaml_events import parse_yaml_mapping

        return parse_yaml_mapping(text)


def text_field(meta: Meta, key: str) -> str:
    """Return a field as text; empty if it is missing, null or a mapping."""
    value = meta.get(key)
    return value if isinstance(value, str) else ""


def run_fields(info: RunInfo) -> dict[str, object]:
    """Return the fields that MLflow 3 writes for a run, and `run_uuid`, which MLflow 1 and 2 read."""
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


def experiment_fields(experiment: ExperimentInfo) -> dict[str, object]:
    """Return the fields that MLflow 3 writes for an experiment; its tags are separate files."""
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


def dump_meta(fields: Mapping[str, object]) -> bytes:
    """Return the fields as the content of a meta.yaml."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(dict(fields), Dumper=dumper, allow_unicode=True, default_flow_style=False)
    return text.encode()
