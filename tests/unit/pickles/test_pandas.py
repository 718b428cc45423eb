"""Pickles of four versions of pandas are read as those versions read them."""

from __future__ import annotations

import io
import json
import pickle
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qtui.errors import PickleError
from qtui.pickles import load
from tests.data import frames
from tests.data.describe import describe
from tests.unit.pickles.inside import load_and_count, load_here

ARCHIVES = sorted((Path(__file__).parents[2] / "data").glob("pickles-pandas-*.tar.xz"))


def read_archive(archive: Path) -> tuple[dict[str, object], Iterator[tuple[str, bytes]]]:
    """Return the manifest of an archive, and its pickles by the name of their case."""
    with tarfile.open(archive) as tar:
        files = {entry.name: content.read() for entry in tar if (content := tar.extractfile(entry))}
    manifest = json.loads(files.pop("manifest.json"))
    names = {name.replace("/", "_"): name for name in manifest}
    return manifest, ((names[file.rsplit(".", 2)[0]], content) for file, content in files.items())


def test_four_versions_of_pandas_are_packed() -> None:
    assert [archive.name.split("-")[2][:3] for archive in ARCHIVES] == ["1.5", "2.0", "2.2", "3.1"]


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda archive: archive.name.removesuffix(".tar.xz"))
def test_every_value_comes_back_equal_from_every_protocol(archive: Path) -> None:
    manifest, pickles = read_archive(archive)
    different, count = [], 0
    for name, content in pickles:
        value, opaque = load_and_count(content)
        count += 1
        if opaque or json.loads(json.dumps(describe(value))) != manifest[name]:
            different.append((name, dict(opaque), describe(value)))
    assert different == []
    assert count == 4 * len(manifest) > 600


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda archive: archive.name.removesuffix(".tar.xz"))
def test_a_frame_comes_back_through_the_child_process(archive: Path) -> None:
    manifest, pickles = read_archive(archive)
    loaded = load(next(content for name, content in pickles if name == "frame mixed"))
    assert json.loads(json.dumps(describe(loaded.value))) == manifest["frame mixed"]
    assert loaded.notes == () and loaded.is_complete


@pytest.mark.parametrize("protocol", range(6))
def test_frames_of_the_installed_pandas_are_the_same_as_it_reads_itself(protocol: int) -> None:
    frame = frames.mixed()
    pd.testing.assert_frame_equal(load_here(pickle.dumps(frame, protocol)), frame)


@settings(max_examples=100)
@given(st.integers(0), st.lists(st.tuples(st.integers(0), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_damaged_array_or_frame_gives_a_value_or_a_pickle_error(pick: int, damages: list[tuple[int, int]]) -> None:
    pickles = all_pickles()
    content = bytearray(pickles[pick % len(pickles)])
    for place, byte in damages:
        content[place % len(content)] = byte
    try:
        load_here(bytes(content))
    except PickleError as error:
        assert str(error)


@cache
def all_pickles() -> list[bytes]:
    """Return the pickles of all archives."""
    return [content for archive in ARCHIVES for _, content in read_archive(archive)[1]]


def test_a_loaded_frame_can_be_written_to_like_any_other() -> None:
    frame = load_here(pickle.dumps(frames.predictions(), 4))
    frame.loc[:, "score"] = 0.0
    frame["rank"] = np.arange(len(frame))
    assert frame["score"].sum() == 0


def test_to_pickle_of_pandas_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "pred.pkl"
    frames.predictions().to_pickle(path)
    pd.testing.assert_frame_equal(load(path).value, frames.predictions())


def test_a_saved_array_of_numpy_is_read_as_it_was() -> None:
    buffer = io.BytesIO()
    np.array([{"a": 1}, None], dtype=object).dump(buffer)
    assert load_here(buffer.getvalue()).tolist() == [{"a": 1}, None]
