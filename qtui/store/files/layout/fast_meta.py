"""Parse the common forms of meta.yaml without PyYAML.

Per run, `parse_run_info` takes 8 us and PyYAML 58 us. Per experiment, `parse_plain_mapping` takes 17 us against
54 us, and saves the 20 ms of importing PyYAML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from sys import intern
from typing import TypeAlias, cast

from qtui.entities import STATUS_CODES, RunInfo

Meta: TypeAlias = Mapping[str, "str | Mapping[str, str] | None"]
"""Key to text, None for a null. A nested mapping keeps its scalars, a nested list is dropped."""

NULLS: Mapping[str, str | None] = {"null": None, "~": None, "": None, "Null": None, "NULL": None}
_WORD = r"[\w/.+=,@%~();&$*<>|^!-]*"
PLAIN = rf"[\w/.]{_WORD}(?:(?::(?=[\w/])| (?=[\w/.+=@%~()-])){_WORD})*"
"""An unquoted YAML scalar that stands for its own text, or a null. It matches nearly all scalars that MLflow writes."""

_is_plain = re.compile(f"{PLAIN}|").fullmatch
_is_key = re.compile(r"[A-Za-z_][\w./-]*").fullmatch
_PRINTABLE = r"[^'\x00-\x1f\x7f-\x9f\ufeff\ud800-\udfff\ufffe\uffff\u2028\u2029]*"
_quoted = re.compile(f"'({_PRINTABLE}(?:''{_PRINTABLE})*)'").fullmatch

_match_run = re.compile(
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
    rf"user_id: (''|{PLAIN})\n"
).fullmatch
_STATUSES = {str(code): status for code, status in STATUS_CODES.items()}


class NotPlain(Exception):
    """Error for a text that needs a full YAML parser."""


def parse_run_info(text: str) -> RunInfo | None:
    """Parse a run's meta.yaml; None if it differs in any way from the form that MLflow writes."""
    match = _match_run(text)
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
        "" if user == "''" else intern(user),
    )


def parse_plain_mapping(text: str) -> Meta:
    """Parse `key: value` lines, of which `tags` may be a nested mapping if it is the last; raises `NotPlain`."""
    top, nested, below = text.partition("\ntags:\n")
    if not nested:
        return {key: parse_scalar(value) for key, value in _split_lines(text).items()}
    lines = below[:-1].split("\n")
    if not all(line.startswith("  ") for line in lines):
        raise NotPlain
    tags = _split_lines("".join(f"{line[2:]}\n" for line in lines))
    return {
        **{key: parse_scalar(value) for key, value in _split_lines(f"{top}\n").items()},
        "tags": {key: parse_scalar(value) or "" for key, value in tags.items()},
    }


def parse_scalar(source: str) -> str | None:
    """Return the text of a plain or single-quoted scalar, None for a null; raises `NotPlain` for other forms.

    Quoted and unquoted numbers give the same text.
    """
    if _is_plain(source):
        return NULLS.get(source, source)
    if quoted := _quoted(source):
        return quoted[1].replace("''", "'")
    raise NotPlain


def _split_lines(text: str) -> dict[str, str]:
    """Return the `key: value` lines of a text, values unparsed; raises `NotPlain` if it has any other line."""
    if "\n " in text or not text.endswith("\n") or text.startswith("\ufeff"):
        raise NotPlain
    try:
        values = dict(cast("list[tuple[str, str]]", [line.split(": ", 1) for line in text[:-1].split("\n")]))
    except ValueError:
        raise NotPlain from None
    if not all(map(_is_key, values)):
        raise NotPlain
    return values
