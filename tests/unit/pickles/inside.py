"""Decodes pickles in this very process, to look at many of them in a second; only for those we wrote ourselves."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from qtui.pickles import PickleLimits
from qtui.pickles.build import Builder
from qtui.pickles.decoder_program import Section, encode_answer
from qtui.pickles.graph import Graph


class Sent:
    """The sections of an answer, as if a child process had sent them."""

    def __init__(self, sections: Iterable[Section]) -> None:
        self._sections = iter(sections)

    def read_magic(self) -> None:
        pass

    def section(self) -> bytearray:
        return bytearray(next(self._sections))

    def json(self) -> Any:
        return json.loads(self.section().decode("utf-8", "surrogatepass"))

    def end(self) -> None:
        assert next(self._sections, None) is None


def load_here(data: bytes, limits: PickleLimits | None = None) -> Any:
    """The value of a pickle."""
    return load_and_count(data, limits)[0]


def load_and_count(data: bytes, limits: PickleLimits | None = None) -> tuple[Any, Counter[tuple[str, str]]]:
    """The value of a pickle, and what in it is shown by its parts or told in notes."""
    limits = limits or PickleLimits()
    graph = Graph(Sent(encode_answer(data, limits)), limits)
    builder = Builder(graph, limits)
    return builder.build(), builder.opaque + Counter({("", note): 1 for note in graph.notes})
