"""Pickled frames, series, indexes and arrays as tables; nothing in a pickle is executed."""

from __future__ import annotations

import pickle
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from qtui.artifacts.content import TableContent, TreeContent
from qtui.artifacts.trees.pickle_file import open_pickle, value_table
from qtui.artifacts.viewers import views_of
from qtui.errors import ArtifactUnreadable
from tests.data import frames
from tests.unit.artifacts.sources import source_of
from tests.unit.artifacts.test_frame_table import column_of, everything
from tests.unit.pickles.inside import load_here

DATA = Path(__file__).parents[2] / "data"


def table_of(value: Any) -> TableContent:
    content = open_pickle(source_of(pickle.dumps(value), "pred.pkl"))
    assert isinstance(content, TableContent)
    return content


def test_a_pickled_frame_is_a_table() -> None:
    assert everything(table_of(frames.predictions()))[0] == ("2020-01-01", "SH600000", "-1")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (pd.Series([1, 2], name="ic"), "ic"),
        (pd.Series([1, 2]), "value"),
        (pd.Index([1, 2], name="day"), "day"),
        (pd.Index([1, 2]), "value"),
        (pd.MultiIndex.from_tuples([(1, "a"), (2, "b")], names=["day", "name"]), "day"),
        (np.array([1, 2]), "value"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_series_indexes_and_arrays_are_tables(value: Any, name: str) -> None:
    assert column_of(table_of(value), name) == ["1", "2"]


def test_any_other_value_is_a_tree() -> None:
    content = open_pickle(source_of(pickle.dumps({"n_estimators": 210}), "params.pkl"))
    assert isinstance(content, TreeContent)
    assert [(node.label, node.text) for node in content.top] == [("n_estimators", "210")]


def test_the_notes_of_the_decoder_are_those_of_the_table() -> None:
    data = pickle.dumps(pd.DataFrame({"x": [Path("x"), 1]})).replace(b"pathlib", b"pothlib")
    content = open_pickle(source_of(data, "pred.pkl"))
    assert isinstance(content, TableContent)
    assert any("qtui never runs a pickle" in note for note in content.notes)


@pytest.mark.parametrize(
    ("data", "reason"),
    [(b"", "empty"), (b"\x80\x05", "file cannot be shown")],
)
def test_a_broken_pickle_is_answered_in_one_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(ArtifactUnreadable, match=reason):
        open_pickle(source_of(data))


def test_a_truncated_frame_is_shown_as_far_as_it_goes_with_a_note() -> None:
    content = open_pickle(source_of(pickle.dumps(frames.predictions())[:50]))
    assert isinstance(content, TreeContent)
    assert content.notes[0].startswith("The pickle is truncated or damaged")


def test_pickles_are_recognised_by_their_first_bytes_or_their_name() -> None:
    for data, path in [
        (pickle.dumps([1]), "artifact"),
        (pickle.dumps([1], protocol=0), "list.pkl"),
        (pickle.dumps([1]), "x.csv"),
    ]:
        assert views_of(source_of(data, path)).kind == "pickle"
    assert views_of(source_of(b"plain text", "notes.txt")).kind == "text"


@pytest.mark.parametrize("archive", sorted(DATA.glob("pickles-pandas-*.tar.xz")), ids=lambda path: path.name)
def test_every_table_that_four_versions_of_pandas_wrote_is_shown(archive: Path) -> None:
    shown_count = 0
    with tarfile.open(archive) as tar:
        contents = [file.read() for entry in tar if entry.name.endswith(".4.pkl") and (file := tar.extractfile(entry))]
    for data in contents:
        table = value_table(load_here(data), "file")
        if table is not None:
            everything(table)
            shown_count += 1
            for column in range(len(table.columns)):
                assert table.statistics(column) is not None
                table.sort(column, descending=False)
    assert shown_count > 100
