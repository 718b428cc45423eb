"""Tables that `mlflow.log_table` writes: JSON with the names of the columns and the rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from qtui.artifacts.sample import Sample
from qtui.artifacts.source import Source
from qtui.artifacts.tables.frame_table import FrameTable
from qtui.artifacts.trees.structured import parse_json
from qtui.artifacts.viewer import View, Viewer
from qtui.errors import ArtifactUnreadable

MAX_TABLE_JSON_BYTES = 1 << 26
SPLIT_START = re.compile(r'\s*\{\s*"columns"\s*:\s*\[')
SPLIT_DATA = re.compile(r'\]\s*,\s*"(index|data)"\s*:\s*\[')


class TableJsonViewer(Viewer):
    """A table in the orientation `split` of pandas."""

    name = "table"

    def recognises(self, sample: Sample) -> bool:
        return bool(SPLIT_START.match(sample.text) and (sample.is_part or SPLIT_DATA.search(sample.text)))

    def views(self, source: Source, sample: Sample) -> Sequence[View]:
        return (View("table", partial(open_table_json, source, sample.encoding)),)


def open_table_json(source: Source, encoding: str) -> FrameTable:
    """Return the table; raises ArtifactUnreadable."""
    import pandas as pd

    value = parse_json(source.read_text(encoding, MAX_TABLE_JSON_BYTES, "tables in JSON"))
    match value:
        case {"columns": list() as columns, "data": list() as rows}:
            width = len(columns)
        case _:
            raise ArtifactUnreadable(f"{source.path} has no list of columns and no list of rows.")
    if any(not isinstance(row, list) or len(row) != width for row in rows):
        raise ArtifactUnreadable(f"{source.path} has rows that do not have {width:,} values.")
    names = [column if isinstance(column, str) else str(column)[:100] for column in columns]
    frame = pd.DataFrame({number: [row[number] for row in rows] for number in range(width)}, index=range(len(rows)))
    return FrameTable(frame.set_axis(names, axis="columns"))
