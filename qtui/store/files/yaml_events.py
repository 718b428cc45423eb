"""Reads a small YAML mapping from parser events: nothing is built, nothing recurses, nothing is resolved."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from qtui.store.files.damage import Unreadable
from qtui.store.files.meta import NULLS, Meta

MAX_NODES = 10_000
MAX_DEPTH = 16
TOO_DEEP = "is nested too deeply"
TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def mapping_of(text: str) -> Meta:
    """The mapping that is the text's only document; scalars by their text, deeper collections left out."""
    try:
        return _Reading(yaml.parse(text, Loader=LOADER)).document()
    except yaml.YAMLError as error:
        if "nesting" in str(getattr(error, "problem", "")):
            # libyaml has a limit of its own since 0.2.6, and looks so far ahead that it meets it before we meet ours.
            raise Unreadable(TOO_DEEP) from None
        raise Unreadable(f"is not valid YAML{_place(error)}") from None


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f": line {mark.line + 1}, column {mark.column + 1}" if mark else ""


class _Reading:
    """One pass over the events of a document."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self._anchors: dict[str | None, str | None] = {}
        self._nodes = 0

    def document(self) -> Meta:
        """The top mapping of the only document."""
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise Unreadable("is empty")
        if not isinstance(self._next(), yaml.MappingStartEvent):
            raise Unreadable("holds no `key: value` lines")
        found = {key: self._value() for key in self._keys()}
        self._next()
        if not isinstance(self._next(), yaml.StreamEndEvent):
            raise Unreadable("holds more than one YAML document")
        return found

    def _next(self) -> yaml.Event:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise Unreadable("holds too many values")
        event = next(self._events)
        tag = getattr(event, "tag", None)
        if tag is not None and tag not in TAGS:
            raise Unreadable(f"asks for the YAML tag {tag}")
        return event

    def _keys(self) -> Iterator[str]:
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise Unreadable("has a key that is no text")
            yield event.value

    def _value(self) -> str | dict[str, str] | None:
        event = self._next()
        if isinstance(event, yaml.MappingStartEvent):
            return self._flat_mapping()
        if isinstance(event, yaml.SequenceStartEvent):
            self._skip()
            return None
        return self._scalar(event)

    def _scalar(self, event: yaml.Event) -> str | None:
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                # Aliases of collections can multiply a few lines into gigabytes; MLflow never writes any.
                raise Unreadable("has an alias of a list or a mapping")
            return self._anchors[event.anchor]
        if not isinstance(event, yaml.ScalarEvent):
            raise Unreadable("is not valid YAML")
        value = event.value if event.style or event.tag else NULLS.get(event.value, event.value)
        if event.anchor:
            self._anchors[event.anchor] = value
        return value

    def _flat_mapping(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for key in self._keys():
            value = self._value_or_skip()
            if value is not None:
                found[key] = value
        return found

    def _value_or_skip(self) -> str | None:
        event = self._next()
        if isinstance(event, yaml.CollectionStartEvent):
            self._skip()
            return None
        return self._scalar(event)

    def _skip(self) -> None:
        depth = 1
        while depth:
            event = self._next()
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            else:
                self._scalar(event)
            if depth > MAX_DEPTH:
                raise Unreadable(TOO_DEEP)
