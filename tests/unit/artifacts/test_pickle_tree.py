"""Pickles of values that are no tables, as trees and as YAML text."""

from __future__ import annotations

import pickle
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from qtui.artifacts.content import TableContent, TextContent, TreeContent
from qtui.errors import ArtifactUnreadable
from tests.unit.artifacts.sources import open_rows, open_tree, open_view, outline, source_of, texts, views_for
from tests.unit.pickles.hostile import families


class Model:
    """An object of a class that is not imported when its pickle is shown."""

    def __init__(self, **state: Any) -> None:
        self.__dict__.update(state)


CONFIG = {
    "task": {
        "model": {"class": "LGBModel", "kwargs": {"num_leaves": 210, "lr": 0.05}},
        "record": [{"class": "SignalRecord"}, {"class": "PortAnaRecord"}],
    },
    "seed": None,
}


def titles(value: object, path: str) -> list[str]:
    return [view.title for view in views_for(pickle.dumps(value), path).views]


def test_a_configuration_of_qlib_is_shown_as_yaml_first() -> None:
    assert titles(CONFIG, "config") == ["yaml", "pickle", "hex"]
    assert titles(CONFIG, "state.pkl") == ["pickle", "yaml", "hex"]
    content = open_rows(pickle.dumps(CONFIG), "yaml", "config")
    assert content.language == "yaml"
    assert texts(content.rows(0, 100)) == [
        "task:",
        "  model:",
        "    class: LGBModel",
        "    kwargs:",
        "      num_leaves: 210",
        "      lr: 0.05",
        "  record:",
        "    - class: SignalRecord",
        "    - class: PortAnaRecord",
        "seed: null",
    ]


def test_an_object_is_a_tree_of_its_class_and_state() -> None:
    value = Model(rate=0.5, names=("a", "b"), cells={1, 2}, frame=pd.DataFrame({"x": [1, 2]}), array=np.zeros((3, 4)))
    tree = open_tree(pickle.dumps(value), "model.pkl", "pickle")
    name = f"{Model.__module__}.Model"
    assert outline(tree.top) == [
        f"{name}  5 parts",
        "  rate 0.5",
        "  names tuple, 2 items",
        "    0 a",
        "    1 b",
        "  cells set, 2 items",
        "    0 1",
        "    1 2",
        "  frame DataFrame 2 × 1",
        "  array ndarray 3 × 4, float64",
    ]
    assert tree.notes and name in tree.notes[0]
    lines = texts(open_rows(pickle.dumps(value), "yaml", "model.pkl").rows(0, 100))
    assert lines[1:5] == [f"# {name}", "rate: 0.5", "names:", "  - a"]


def test_shared_and_cyclic_values_end() -> None:
    shared: list[object] = [1]
    cycle: dict[str, object] = {"first": shared, "second": shared}
    cycle["self"] = cycle
    assert outline(open_tree(pickle.dumps(cycle), "a.pkl", "pickle").top) == [
        "first 1 item",
        "  0 1",
        "second 1 item",
        "  0 1",
        "self 3 keys, contains itself",
    ]
    assert "self: {}  # 3 keys, contains itself" in texts(open_rows(pickle.dumps(cycle), "yaml", "a.pkl").rows(0, 9))


def test_a_frame_stays_a_table_and_has_no_text() -> None:
    frame = pd.DataFrame({"score": [0.1, 0.2]})
    assert titles(frame, "pred.pkl") == ["pickle", "hex"]
    assert isinstance(open_view(pickle.dumps(frame), "pickle", "pred.pkl"), TableContent)


def test_keys_of_any_kind_have_labels() -> None:
    value = {("SH600000", pd.Timestamp("2024-01-02")): 1, 5: 2, None: 3, frozenset((1,)): 4}
    assert [node.label for node in open_tree(pickle.dumps(value), "a.pkl", "pickle").top] == [
        "(SH600000, 2024-01-02 00:00:00)",
        "5",
        "null",
        "frozenset",
    ]


@pytest.mark.parametrize("family", sorted(families(Path("unused"))))
def test_hostile_pickles_are_shown_or_refused_and_run_nothing(family: str, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    for _, data in islice(families(marker)[family](), 3):
        for view in views_for(data, "a.pkl").views:
            try:
                content = view.open()
            except ArtifactUnreadable as error:
                assert str(error)
                continue
            if isinstance(content, TreeContent):
                list(islice(outline(content.top[:5]), 50)) if family not in ("bombs", "nesting") else content.top
            elif isinstance(content, TextContent):
                content.rows(0, 50)
    assert not marker.exists()


@pytest.mark.parametrize("data", [b"", b"\x80\x04", b"\x80\x04N", b"plain text", b"\x80\x63."])
def test_a_broken_pickle_says_why(data: bytes) -> None:
    views = {view.title: view for view in views_for(data, "a.pkl").views}
    if "pickle" in views:
        with pytest.raises(ArtifactUnreadable):
            views["pickle"].open()
    assert views["hex"].open() is not None
    assert source_of(data).size == len(data)
