"""YAML documents as dicts, lists and scalars, built from parser events.

The composer of PyYAML recurses in C and crashes the process on deeply nested text, and its constructors expand merged
keys. Events are read one by one here: depth and size are bounded, an alias is a reference to the same value, tags are
ignored, and scalars keep their text.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

from qtui.artifacts.trees.value_tree import ScalarText
from qtui.errors import ArtifactUnreadable

if TYPE_CHECKING:
    from yaml.events import Event

MAX_DEPTH = 100
MAX_EVENTS = 1_000_000
ROLES = {"int": "accent", "float": "accent", "timestamp": "accent", "bool": "muted", "null": "muted"}
"""Roles of plain scalars by the tag that YAML 1.1 resolves for them."""


def parse_yaml(text: str) -> list[Any]:
    """Return the documents of a YAML text; scalars are `ScalarText`s. Raises ArtifactUnreadable with the reason."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    events: Generator[Event, None, None] = yaml.parse(text, Loader=loader)  # type: ignore[assignment]
    try:
        return list(_Composer(events).documents())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" in line {mark.line + 1:,}" if mark is not None else ""
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
        raise ArtifactUnreadable(f"Invalid YAML{place}: {reason}.") from None
    except (ValueError, RecursionError) as error:
        raise ArtifactUnreadable(f"Invalid YAML: {error}.") from None
    finally:
        events.close()


class _Composer:
    def __init__(self, events: Iterator[Event]) -> None:
        from yaml.resolver import Resolver

        self._events = events
        self._count = 0
        self._resolver = Resolver()
        self._anchors: dict[str, Any] = {}

    def documents(self) -> Iterator[Any]:
        import yaml

        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors = {}
                yield self._value(self._next(), 0)

    def _next(self) -> Event:
        self._count += 1
        if self._count > MAX_EVENTS:
            raise ArtifactUnreadable(f"The YAML has more than {MAX_EVENTS:,} values.")
        return next(self._events)

    def _value(self, event: Event, depth: int) -> Any:
        import yaml

        if depth > MAX_DEPTH:
            raise ArtifactUnreadable(f"The YAML is nested more than {MAX_DEPTH} levels deep.")
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise ArtifactUnreadable(f"Invalid YAML: the alias {event.anchor} refers to nothing.")
            return self._anchors[event.anchor]
        if isinstance(event, yaml.ScalarEvent):
            return self._remember(event, self._scalar(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth)
        return self._mapping(event, depth)

    def _sequence(self, event: Event, depth: int) -> list[Any]:
        import yaml

        items: list[Any] = self._remember(event, [])
        while not isinstance(part := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(part, depth + 1))
        return items

    def _mapping(self, event: Event, depth: int) -> dict[str, Any]:
        import yaml

        pairs: dict[str, Any] = self._remember(event, {})
        while not isinstance(part := self._next(), yaml.MappingEndEvent):
            key = self._value(part, depth + 1)
            text = key.text if isinstance(key, ScalarText) else f"? {type(key).__name__} {len(pairs)}"
            pairs[text] = self._value(self._next(), depth + 1)
        return pairs

    def _remember(self, event: Any, value: Any) -> Any:
        if event.anchor:
            self._anchors[event.anchor] = value
        return value

    def _scalar(self, event: Any) -> ScalarText:
        from yaml.nodes import ScalarNode

        if not event.implicit[0] or event.tag:
            return ScalarText(event.value)
        tag: str = self._resolver.resolve(  # type: ignore[no-untyped-call]
            ScalarNode, event.value, (True, False)
        )
        return ScalarText(event.value, ROLES.get(tag.rpartition(":")[2], "text"))
