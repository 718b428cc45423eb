"""Takes in the meta.yaml of a run at one glance when it is word for word as MLflow writes it, which nearly all are."""

from __future__ import annotations

import re
from sys import intern

from qtui.entities import STATUS_CODES, RunInfo
from qtui.store.files.meta import NULLS, PLAIN

_USUAL = re.compile(
    rf"artifact_uri: ({PLAIN})\n"
    r"(?:deleted_time: (?:null|[0-9]+)\n)?"
    r"end_time: (null|[0-9]+)\n"
    r"entry_point_name: ''\n"
    r"experiment_id: (?:'([0-9]+)'|([0-9]+))\n"
    r"lifecycle_stage: (active|deleted)\n"
    r"run_id: ([\w-]+)\n"
    rf"run_name: ({PLAIN})\n"
    r"(?:run_uuid: \w+\n)?"
    r"source_name: ''\n"
    r"source_type: [0-9]\n"
    r"source_version: ''\n"
    r"start_time: ([0-9]+)\n"
    r"status: ([1-5])\n"
    r"tags: \[\]\n"
    rf"user_id: ({PLAIN})\n"
).fullmatch
_STATUSES = {str(code): status for code, status in STATUS_CODES.items()}


def usual_info(text: str) -> RunInfo | None:
    """The run that a meta.yaml tells of; None when the text is in any way unusual."""
    match = _USUAL(text)
    if match is None:
        return None
    artifact_uri, end_time, quoted_id, bare_id, stage, run_id, name, start_time, status, user = match.groups()
    if name in NULLS or user in NULLS or artifact_uri in NULLS:
        return None
    return RunInfo(
        run_id,
        intern(quoted_id or bare_id),
        name,
        _STATUSES[status],
        intern(stage),
        int(start_time),
        None if end_time == "null" else int(end_time),
        artifact_uri,
        intern(user),
    )
