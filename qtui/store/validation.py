"""What MLflow lets into a store, told without MLflow and before anything is written."""

from __future__ import annotations

import operator
import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import SupportsFloat, SupportsIndex

from qtui.entities import RUN_NAME_TAG, Point, Status
from qtui.errors import BadValue
from qtui.store.writer import Batch, Changes, Limits, Metric

LARGEST = 2**63 - 1
LONGEST_SHOWN = 60

_is_key = re.compile(r"[/\w.\- :]+").fullmatch


def checked_batch(batch: Batch, limits: Limits) -> Batch:
    """The batch with every number of the type that stores write; `BadValue` says what is wrong with which key."""
    check_keys("metric", {each.key for each in batch.metrics}, limits)
    check_texts("param", batch.params, limits.param, limits)
    check_texts("tag", batch.tags, limits.tag, limits)
    if RUN_NAME_TAG in batch.tags:
        check_run_name(batch.tags[RUN_NAME_TAG], limits)
    return Batch(checked_metrics(batch.metrics), batch.params, batch.tags)


def checked_metrics(metrics: Sequence[Metric]) -> list[Metric]:
    """The points with plain numbers."""
    checked = []
    for key, (step, timestamp, value) in metrics:
        try:
            point = Point(whole(step, "step"), whole(timestamp, "timestamp"), real(value))
        except ValueError as error:
            raise BadValue(f"The metric {shown(key)} {error}.") from None
        if point.timestamp < 0:
            raise BadValue(f"The metric {shown(key)} has the timestamp {timestamp}, which is before 1970.")
        checked.append(Metric(key, point))
    return checked


def whole(number: SupportsIndex, name: str) -> int:
    """A whole number that 64 bits hold; ValueError says what is wrong with any other."""
    try:
        found = operator.index(number)
    except TypeError:
        raise ValueError(f"has a {name} that is no whole number: {shown(number)}") from None
    if not -LARGEST - 1 <= found <= LARGEST:
        raise ValueError(f"has a {name} that is out of all bounds: {shown(number)}")
    return found


def real(number: SupportsFloat) -> float:
    """Any number as a float; what is true, text or nothing is none."""
    if type(number) is float:
        return number
    if isinstance(number, str | bytes | bytearray) or type(number).__name__ in ("bool", "bool_"):
        raise ValueError(f"has a value that is no number: {shown(number)}")
    try:
        return float(number)
    except OverflowError:
        raise ValueError(f"has a value that is out of all bounds: {shown(number)}") from None
    except (TypeError, ValueError):
        raise ValueError(f"has a value that is no number: {shown(number)}") from None


def check_texts(kind: str, texts: Mapping[str, str], longest: int, limits: Limits) -> None:
    """Refuse params or tags under a key that cannot be, or with a value that is no text or too long."""
    check_keys(kind, texts, limits)
    for key, value in texts.items():
        check_text(f"The {kind} {shown(key)}", value, longest)


def check_keys(kind: str, keys: Iterable[str], limits: Limits) -> None:
    """Refuse names that cannot be those of metrics, params or tags."""
    for key in keys:
        reason = wrong_with_key(key, limits.key)
        if reason:
            raise BadValue(f"{shown(key)} cannot be the name of a {kind}: it {reason}.")


def check_apart(kind: str, keys: Iterable[str], known: Collection[str] = (), folders: Collection[str] = ()) -> None:
    """Refuse keys of which one would be the folder of another, where each is a file: beside known keys and folders."""
    keys = set(keys)
    below = {folder: key for key in keys for folder in folders_of(key)}
    for key in keys:
        if key in folders:
            raise BadValue(
                f"A store of files cannot keep the {kind} {shown(key)} beside those that begin {shown(key + '/')}."
            )
    for folder, key in below.items():
        if folder in keys or folder in known:
            raise BadValue(f"A store of files cannot keep the {kind} {shown(key)} beside {shown(folder)}.")


def folders_of(key: str) -> Iterator[str]:
    """The folders that a key lies in, where it is the path of a file."""
    while key := key.rpartition("/")[0]:
        yield key


def wrong_with_key(key: str, longest: int) -> str:
    """Why this cannot be a name; nothing if it can."""
    if not isinstance(key, str):
        return "is no text"
    if not key:
        return "is empty"
    if not _is_key(key):
        return "may have only letters, digits, blanks and _ - . : /"
    if posixpath.normpath(key) != key or key == "." or key.startswith(("..", "/")):
        return "would lead elsewhere as a path"
    return f"has more than {longest} characters" if len(key) > longest else ""


def check_run_name(name: str, limits: Limits) -> None:
    """Refuse what cannot be the name of a run."""
    check_text("The name of a run", name, limits.run_name or limits.tag)
    if not name:
        raise BadValue("A run needs a name.")


def check_experiment(name: str, artifact_location: str, tags: Mapping[str, str], limits: Limits) -> None:
    """Refuse what an experiment cannot be made of."""
    check_text("The name of an experiment", name, limits.experiment_name)
    if not name:
        raise BadValue("An experiment needs a name.")
    check_text("The artifact location", artifact_location, limits.artifact_location)
    if artifact_location.startswith("runs:"):
        raise BadValue(f"The artifact location cannot lie in a run: {shown(artifact_location)}.")
    check_texts("tag", tags, limits.experiment_tag, limits)


def check_changes(changes: Changes, limits: Limits) -> None:
    """Refuse what a run cannot be changed to."""
    if changes.status is not None and changes.status not in {each.value for each in Status}:
        raise BadValue(f"A run cannot be {shown(changes.status)}, only {', '.join(Status)}.")
    if changes.name is not None:
        check_run_name(changes.name, limits)
    if changes.end_time is not None:
        check_time("end", changes.end_time)


def check_time(name: str, time: int) -> None:
    """Refuse what is no time of a run."""
    try:
        if whole(time, "time") >= 0:
            return
    except ValueError:
        pass
    raise BadValue(f"A run cannot have its {name} at {shown(time)}: times are whole milliseconds since 1970.")


def check_deleted_tags(keys: Iterable[str]) -> None:
    """Refuse to take its name off a run, without which Qlib cannot list its whole experiment."""
    if RUN_NAME_TAG in keys:
        raise BadValue(f"A run keeps the tag {RUN_NAME_TAG}; give it another name instead.")


def check_text(name: str, text: str, longest: int) -> None:
    """Refuse what is no text, cannot be written as UTF-8, or is too long."""
    if not isinstance(text, str):
        raise BadValue(f"{name} is no text: {shown(text)}.")
    if len(text) > longest:
        raise BadValue(f"{name} has {len(text)} characters, which is more than {longest}.")
    if not text.isascii() and not is_unicode(text):
        raise BadValue(f"{name} has characters that are no Unicode: {shown(text)}.")


def is_unicode(text: str) -> bool:
    """Whether a text can be written as UTF-8; half a surrogate pair cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def shown(value: object) -> str:
    """A value as it can stand in a sentence."""
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
