"""Parse a small YAML mapping from PyYAML's parser events: no objects, no recursion, no tag resolution."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from qtui.store.files.damage import Unreadable
from qtui.store.files.layout.fast_meta import NULLS, Meta

MAX_EVENTS = 10_000
MAX_DEPTH = 16
TOO_DEEP = "is nested too deeply"
ALLOWED_TAGS = {
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")
}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml_mapping(text: str) -> Meta:
    """Return the mapping of a YAML text with one document: scalars as text, deeper collections dropped.

    Raises `Unreadable` if it is not such a text.
    """
    try:
        return _EventParser(yaml.parse(text, Loader=LOADER)).document()
    except yaml.YAMLError as error:
        if "nesting" in str(getattr(error, "problem", "")):
            # libyaml has its own limit since 0.2.6, and reads so far ahead that it reaches it before MAX_DEPTH.
            raise Unreadable(TOO_DEEP) from None
        raise Unreadable(f"is not valid YAML{_position(error)}") from None


def _position(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f": line {mark.line + 1}, column {mark.column + 1}" if mark else ""


class _EventParser:
    """One pass over the events of a document."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self._anchors: dict[str | None, str | None] = {}
        self._event_count = 0

    def document(self) -> Meta:
        """Return the top-level mapping of the only document."""
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise Unreadable("is empty")
        if not isinstance(self._next(), yaml.MappingStartEvent):
            raise Unreadable("is not a YAML mapping")
        mapping = {key: self._value() for key in self._keys()}
        self._next()
        if not isinstance(self._next(), yaml.StreamEndEvent):
            raise Unreadable("contains more than one YAML document")
        return mapping

    def _next(self) -> yaml.Event:
        self._event_count += 1
        if self._event_count > MAX_EVENTS:
            raise Unreadable("contains too many values")
        event = next(self._events)
        tag = getattr(event, "tag", None)
        if tag is not None and tag not in ALLOWED_TAGS:
            raise Unreadable(f"uses the unsupported YAML tag {tag}")
        return event

    def _keys(self) -> Iterator[str]:
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise Unreadable("has a key that is not text")
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
                # Aliases of collections can expand a few lines to gigabytes; MLflow never writes any.
                raise Unreadable("has an alias of a list or mapping")
            return self._anchors[event.anchor]
        if not isinstance(event, yaml.ScalarEvent):
            raise Unreadable("is not valid YAML")
        value = event.value if event.style or event.tag else NULLS.get(event.value, event.value)
        if event.anchor:
            self._anchors[event.anchor] = value
        return value

    def _flat_mapping(self) -> dict[str, str]:
        mapping: dict[str, str] = {}
        for key in self._keys():
            value = self._value_or_skip()
            if value is not None:
                mapping[key] = value
        return mapping

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
