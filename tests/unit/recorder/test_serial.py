"""A Serializable pickles what it was told to, in whole files, and nothing else."""

from __future__ import annotations

import pickle
import pickletools
import sys
from pathlib import Path
from typing import ClassVar

import pytest

from qtui.errors import ConfigError, MissingExtra, UnknownOption, WrongClass
from qtui.recorder import Serializable


class Model(Serializable):
    """With something public and something private."""

    def __init__(self) -> None:
        super().__init__()
        self.weights = [1, 2]
        self.data = "much"
        self._scratch = "private"


class Keeper(Model):
    """Keeps and drops by its class."""

    include_attr: ClassVar = ["_scratch"]
    exclude_attr: ClassVar = ["data", "_scratch"]


class Dilled(Model):
    """Of the other backend."""

    pickle_backend = "dill"


def pickled_names(model: Serializable) -> list[str]:
    """The attributes that come back from a pickle."""
    return sorted(pickle.loads(pickle.dumps(model)).__dict__)


def test_public_attributes_are_pickled() -> None:
    assert pickled_names(Model()) == ["data", "weights"]


def test_everything_is_kept_when_all_is_dumped_and_stays_so_after_loading() -> None:
    model = Model()
    model.config(dump_all=True)
    assert pickled_names(model) == ["_dump_all", "_scratch", "data", "weights"]
    assert pickle.loads(pickle.dumps(model)).dump_all


def test_a_class_can_include_and_exclude_attributes_and_including_wins() -> None:
    assert pickled_names(Keeper()) == ["_scratch", "weights"]


def test_an_object_is_asked_before_its_class() -> None:
    keeper = Keeper()
    keeper.config(include=[], exclude=["weights"])
    assert pickled_names(keeper) == ["data"]


def test_a_config_is_applied_to_nested_objects_even_in_a_cycle() -> None:
    outer, inner = Model(), Model()
    outer.weights, inner.weights = inner, outer
    outer.config(recursive=True, dump_all=True)
    assert inner.dump_all and outer.dump_all


def test_a_config_without_recursion_is_applied_to_the_object_only() -> None:
    outer = Model()
    outer.weights = Model()
    outer.config(dump_all=True)
    assert not outer.weights.dump_all


def test_an_unknown_option_is_refused_before_anything_is_set() -> None:
    model = Model()
    with pytest.raises(KeyError) as caught:
        model.config(dump_all=True, keep=True)
    assert isinstance(caught.value, UnknownOption)
    assert str(caught.value) == "Unknown option 'keep': use dump_all, exclude, include."
    assert not model.dump_all


def test_it_is_loaded_from_a_file_of_protocol_4(tmp_path: Path) -> None:
    path = tmp_path / "模型.pkl"
    Model().to_pickle(path, exclude=["data"])
    assert Model.load(path).weights == [1, 2]
    assert not hasattr(Model.load(str(path)), "data")
    opcode, protocol, _ = next(pickletools.genops(path.read_bytes()))
    assert (opcode.name, protocol) == ("PROTO", 4)


def test_a_file_with_another_class_is_refused(tmp_path: Path) -> None:
    Serializable.general_dump({"a": 1}, tmp_path / "dict.pkl")
    with pytest.raises(TypeError, match="contains a dict, not a Model") as caught:
        Model.load(tmp_path / "dict.pkl")
    assert isinstance(caught.value, WrongClass)


def test_any_object_is_dumped_and_a_serializable_in_its_own_way(tmp_path: Path) -> None:
    Serializable.general_dump([1, 2], tmp_path / "list.pkl")
    Serializable.general_dump(Model(), tmp_path / "model.pkl")
    assert pickle.loads((tmp_path / "list.pkl").read_bytes()) == [1, 2]
    assert sorted(Model.load(tmp_path / "model.pkl").__dict__) == ["data", "weights"]


def test_a_failed_pickle_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "model.pkl"
    Model().to_pickle(path)
    before = path.read_bytes()
    broken = Model()
    broken.data = lambda: None
    with pytest.raises((pickle.PicklingError, AttributeError)):
        broken.to_pickle(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    Model().to_pickle(tmp_path / "model.pkl")
    assert (tmp_path / "model.pkl").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_missing_dill_is_named_with_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dill", None)
    with pytest.raises(MissingExtra, match=r"pip install 'qtui\[dill\]'"):
        Dilled().to_pickle(tmp_path / "model.pkl")
    assert not list(tmp_path.iterdir())


def test_dill_saves_objects_that_pickle_does_not(tmp_path: Path) -> None:
    pytest.importorskip("dill")
    model = Dilled()
    model.data = lambda: 42
    model.to_pickle(tmp_path / "model.pkl")
    assert Dilled.load(tmp_path / "model.pkl").data() == 42


def test_an_unknown_backend_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Dilled, "pickle_backend", "marshal")
    with pytest.raises(ConfigError, match="must be 'pickle' or 'dill'"):
        Dilled.get_backend()
