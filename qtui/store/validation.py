"""Validate values as MLflow does, without importing MLflow and before anything is written."""

from __future__ import annotations

import operator
import posixpath
import re
import shlex
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, SupportsFloat, SupportsIndex

from qtui.entities import RUN_NAME_TAG, Point, Status
from qtui.errors import BadValue, ExperimentExists, ParamConflict
from qtui.store.changes import Change, split_tags
from qtui.store.writer import Batch, Limits, Metric

MAX_INT64 = 2**63 - 1
MAX_QUOTED_CHARACTERS = 60

_match_key = re.compile(r"[/\w.\- :]+").fullmatch


def validate_batch(batch: Batch, limits: Limits) -> Batch:
    """Return the batch with every number as an int or a float. Raise BadValue that names the key and the reason."""
    check_keys("metric", {metric.key for metric in batch.metrics}, limits)
    check_texts("param", batch.params, limits.param, limits)
    check_texts("tag", batch.tags, limits.tag, limits)
    if RUN_NAME_TAG in batch.tags:
        check_run_name(batch.tags[RUN_NAME_TAG], limits)
    return Batch(validate_metrics(batch.metrics), batch.params, batch.tags)


def validate_metrics(metrics: Sequence[Metric]) -> list[Metric]:
    """Return the points with every number as an int or a float."""
    validated = []
    for key, (step, timestamp, value) in metrics:
        try:
            point = Point(to_int64(step, "step"), to_int64(timestamp, "timestamp"), to_float(value))
        except ValueError as error:
            raise BadValue(f"The metric {quote(key)} {error}.") from None
        if point.timestamp < 0:
            raise BadValue(f"The metric {quote(key)} has the timestamp {timestamp}, which is before 1970.")
        validated.append(Metric(key, point))
    return validated


def to_int64(number: SupportsIndex, name: str) -> int:
    """Return an integer of any type as an int. Raise ValueError with the reason if it is none or exceeds 64 bits."""
    try:
        integer = operator.index(number)
    except TypeError:
        raise ValueError(f"has a {name} that is not an integer: {quote(number)}") from None
    if not -MAX_INT64 - 1 <= integer <= MAX_INT64:
        raise ValueError(f"has a {name} that is out of range: {quote(number)}")
    return integer


def to_float(number: SupportsFloat) -> float:
    """Return a number of any type as a float. Raise ValueError with the reason for booleans, text and others."""
    if type(number) is float:
        return number
    if isinstance(number, str | bytes | bytearray) or type(number).__name__ in ("bool", "bool_"):
        raise ValueError(f"has a value that is not a number: {quote(number)}")
    try:
        return float(number)
    except OverflowError:
        raise ValueError(f"has a value that is out of range: {quote(number)}") from None
    except (TypeError, ValueError):
        raise ValueError(f"has a value that is not a number: {quote(number)}") from None


def check_texts(kind: str, texts: Mapping[str, str], max_length: int, limits: Limits) -> None:
    """Refuse params or tags with an invalid key, or with a value that is not text or is too long."""
    check_keys(kind, texts, limits)
    for key, value in texts.items():
        check_text(f"The {kind} {quote(key)}", value, max_length)


def check_keys(kind: str, keys: Iterable[str], limits: Limits) -> None:
    """Refuse invalid names of metrics, params or tags."""
    for key in keys:
        reason = key_problem(key, limits.key)
        if reason:
            raise BadValue(f"{quote(key)} cannot be the name of a {kind}: it {reason}.")


def check_key_conflicts(
    kind: str, keys: Iterable[str], existing: Collection[str] = (), folders: Collection[str] = ()
) -> None:
    """Refuse keys that are folders of other keys, in a store where every key is a file.

    `existing` are the keys that the run has, `folders` their folders.
    """
    keys = set(keys)
    key_in_folder = {folder: key for key in keys for folder in parent_keys(key)}
    for key in keys:
        if key in folders:
            raise BadValue(
                f"A file store cannot hold both the {kind} {quote(key)} and names that begin with {quote(key + '/')}."
            )
    for folder, key in key_in_folder.items():
        if folder in keys or folder in existing:
            raise BadValue(f"A file store cannot hold both the {kind} {quote(key)} and {quote(folder)}.")


def parent_keys(key: str) -> Iterator[str]:
    """Yield the folders of a key that is the path of a file, the deepest first."""
    while key := key.rpartition("/")[0]:
        yield key


def key_problem(key: str, max_length: int) -> str:
    """Return the reason why a name is invalid, or an empty string."""
    if not isinstance(key, str):
        return "is not text"
    if not key:
        return "is empty"
    if not _match_key(key):
        return "may have only letters, digits, spaces and _ - . : /"
    if posixpath.normpath(key) != key or key == "." or key.startswith(("..", "/")):
        return "is not a relative path without . and .."
    return f"has more than {max_length} characters" if len(key) > max_length else ""


def check_run_name(name: str, limits: Limits) -> None:
    """Refuse an invalid run name."""
    check_text("The name of a run", name, limits.run_name or limits.tag)
    if not name:
        raise BadValue("The name of a run is empty.")


def check_experiment(name: str, artifact_location: str, tags: Mapping[str, str], limits: Limits) -> None:
    """Refuse invalid values of a new experiment."""
    check_text("The name of an experiment", name, limits.experiment_name)
    if not name:
        raise BadValue("The name of an experiment is empty.")
    check_text("The artifact location", artifact_location, limits.artifact_location)
    if artifact_location.startswith("runs:"):
        raise BadValue(f"The artifact location cannot be in a run: {quote(artifact_location)}.")
    check_texts("tag", tags, limits.experiment_tag, limits)


def name_taken(name: str, *, is_deleted: bool) -> ExperimentExists:
    """Return the error for a new name of an experiment that another one has."""
    if not is_deleted:
        return ExperimentExists(f"An experiment named {quote(name)} already exists.")
    return ExperimentExists(
        f"A deleted experiment is named {quote(name)}. Restore it, use another name, or free "
        f"the name with: qtui purge --experiment {shlex.quote(name)}"
    )


def param_conflict(run_id: str, key: str, present: str, value: str) -> ParamConflict:
    """Return the error for another value of a param that a run has."""
    return ParamConflict(
        f"The param {quote(key)} of the run {run_id} is already {quote(present)} and cannot be changed to "
        f"{quote(value)}."
    )


def check_run(name: str, start_time: int, tags: Mapping[str, str], limits: Limits) -> None:
    """Refuse invalid values of a new run."""
    check_run_name(name, limits)
    check_time("start", start_time)
    check_texts("tag", tags, limits.tag, limits)


def check_run_fields(fields: Mapping[str, Any], limits: Limits) -> None:
    """Refuse invalid new values of the fields of a run."""
    if (status := fields.get("status")) is not None:
        check_status(status)
    if (name := fields.get("name")) is not None:
        check_run_name(name, limits)
    if (end_time := fields.get("end_time")) is not None:
        check_time("end", end_time)


def check_status(status: str) -> None:
    """Refuse an unknown status of a run."""
    if status not in set(Status):
        raise BadValue(f"{quote(status)} is not a status of a run. Use one of {', '.join(Status)}.")


def check_edits(changes: Iterable[Change], limits: Limits) -> None:
    """Refuse invalid values of changes; those that an undo restores are not checked."""
    for change in changes:
        if change.expected is None and change.targets:
            check_edit(change, limits)


def check_edit(change: Change, limits: Limits) -> None:
    """Refuse invalid values of a change."""
    fields, tags = split_tags(change.values)
    texts = {key: value for key, value in tags.items() if value is not None}
    removed = tags.keys() - texts.keys()
    check_keys("tag", removed, limits)
    if change.targets[0].is_run:
        check_deleted_tags(removed)
        check_texts("tag", texts, limits.tag, limits)
        check_run_fields(fields, limits)
    elif "name" in fields:
        check_experiment(str(fields["name"]), str(fields.get("artifact_location", "")), texts, limits)
    else:
        check_texts("tag", texts, limits.experiment_tag, limits)


def check_time(name: str, time: int) -> None:
    """Refuse an invalid time of a run."""
    try:
        if to_int64(time, "time") >= 0:
            return
    except ValueError:
        pass
    raise BadValue(f"{quote(time)} is not a valid {name} time of a run: times are integers, in ms since 1970.")


def check_deleted_tags(keys: Iterable[str]) -> None:
    """Refuse to delete the name of a run, because Qlib cannot list an experiment with an unnamed run."""
    if RUN_NAME_TAG in keys:
        raise BadValue(f"The tag {RUN_NAME_TAG} of a run cannot be deleted. Rename the run instead.")


def check_text(name: str, text: str, max_length: int) -> None:
    """Refuse a value that is not text, cannot be encoded as UTF-8, or is too long."""
    if not isinstance(text, str):
        raise BadValue(f"{name} is not text: {quote(text)}.")
    if len(text) > max_length:
        raise BadValue(f"{name} has {len(text)} characters; at most {max_length} are allowed.")
    if not text.isascii() and not is_unicode(text):
        raise BadValue(f"{name} has characters that are not valid Unicode: {quote(text)}.")


def is_unicode(text: str) -> bool:
    """Return whether a text can be encoded as UTF-8; half a surrogate pair cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def quote(value: object) -> str:
    """Return a value for use in a message: printable and of limited length."""
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= MAX_QUOTED_CHARACTERS else f"{text[:MAX_QUOTED_CHARACTERS]}…"
