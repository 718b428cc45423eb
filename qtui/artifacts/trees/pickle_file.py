"""Pickles: frames, series, indexes and arrays as tables, other values as trees. The pickle is decoded, never run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from qtui.artifacts.content import Content, TableContent, TextContent
from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.tables.array_table import ArrayTable, MemoryArray
from qtui.artifacts.tables.frame_table import FrameTable
from qtui.artifacts.text.text_rows import TextRows
from qtui.artifacts.trees.value_tree import tree_of, yaml_lines
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable, PickleError
from qtui.pickles import LoadedPickle

PICKLE_SUFFIXES = (".pkl", ".pickle", ".pk", ".p")
CONFIGURATIONS = ("config", "task")
"""Names of the configurations that Qlib saves."""
FRAME_START = re.compile(rb".{,30}(?:pandas|numpy)", re.DOTALL)
"""The start of a pickled frame, series, index or array, which is shown as a table."""
BINARY_START = re.compile(rb"\x80[\x02-\x05]")
"""The start of protocols 2 to 5."""


class PickleViewer(Viewer):
    """A pickled value."""

    name = "pickle"

    def recognises(self, sample: Sample) -> bool:
        """Return whether the file begins as a pickle does; one of protocol 0 or 1 also needs the name of a pickle."""
        if not sample.head:
            return False
        return BINARY_START.match(sample.head) is not None or sample.suffix in PICKLE_SUFFIXES

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        """Return the value, and its text if it is none of pandas; Qlib's configurations are best read as text."""
        value = View("pickle", partial(open_pickle, source))
        text = View("yaml", partial(open_pickle_text, source))
        if sample.name in CONFIGURATIONS:
            return text, value
        return (value,) if FRAME_START.match(sample.head) else (value, text)


def open_pickle(source: Source) -> Content:
    """Decode a pickle and return its value as a table or a tree; raises ArtifactUnreadable with the reason."""
    loaded = load_pickle(source)
    table = value_table(loaded.value, source.path, loaded.notes)
    return tree_of(loaded.value, loaded.notes) if table is None else table


def open_pickle_text(source: Source) -> TextContent:
    """Return the value of a pickle as YAML for reading, after comments with the notes on it."""
    loaded = load_pickle(source)
    lines = (*(f"# {note}" for note in loaded.notes), *yaml_lines(loaded.value))
    return TextRows.of_text("\n".join(lines), "yaml")


def load_pickle(source: Source) -> LoadedPickle:
    """Decode a pickle; raises ArtifactUnreadable with the reason."""
    from qtui.pickles import load

    try:
        return load(source)
    except PickleError as error:
        raise ArtifactUnreadable(f"{source.path} cannot be shown: {error}") from None


def value_table(value: Any, path: str, notes: Sequence[str] = ()) -> TableContent | None:
    """Return a value as a table: a frame, a series, an index or an array with axes; None for any other value."""
    if not type(value).__module__.startswith(("numpy", "pandas")):
        return None
    import numpy as np
    import pandas as pd

    if isinstance(value, pd.MultiIndex):
        value = value.to_frame(index=False, allow_duplicates=True)
    elif isinstance(value, pd.Index):
        value = value.to_frame(index=False, name="value" if value.name is None else value.name)
    elif isinstance(value, pd.Series):
        value = value.to_frame("value") if value.name is None else value.to_frame()
    if isinstance(value, pd.DataFrame):
        return FrameTable(value, notes)
    if isinstance(value, np.ndarray) and value.ndim:
        return ArrayTable(MemoryArray(value), path, notes)
    return None
