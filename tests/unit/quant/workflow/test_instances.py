"""Objects are made from dicts, names and objects, as Qlib makes them, and from pickles only on demand."""

from __future__ import annotations

import pickle
import sys
from collections import OrderedDict
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from qtui.errors import ConfigError, LoadObjectError
from qtui.quant.workflow import instances
from qtui.recorder import SignalRecord, init_instance_by_config

HERE = __name__


class Strict:
    """Takes what it names."""

    def __init__(self, a: int, b: int = 0) -> None:
        self.given = {"a": a, "b": b}


class Passing(Strict):
    """Passes on whatever it gets."""

    def __init__(self, **kwargs: int) -> None:
        super().__init__(**kwargs)


def built(**kwargs: Any) -> dict[str, Any]:
    """A function instead of a class."""
    return kwargs


@pytest.mark.parametrize(
    "config",
    [
        {"class": "Fraction", "module_path": "fractions", "kwargs": {"numerator": 3}},
        {"class": "fractions.Fraction", "module_path": "ignored", "kwargs": {"numerator": 3}},
        {"class": Fraction, "kwargs": {"numerator": 3}},
        {"func": "Fraction", "module_path": "fractions", "kwargs": {"numerator": 3}},
    ],
)
def test_a_dict_names_a_class_in_any_of_qlibs_ways(config: dict[str, Any]) -> None:
    assert init_instance_by_config(config) == Fraction(3)


def test_kwargs_may_be_missing_or_empty() -> None:
    assert init_instance_by_config({"class": "OrderedDict", "module_path": "collections"}) == OrderedDict()
    assert init_instance_by_config({"class": "OrderedDict", "kwargs": None}, "collections") == OrderedDict()


def test_a_name_is_looked_for_in_its_module_or_in_the_default_one() -> None:
    assert init_instance_by_config("datetime.timedelta", days=1) == timedelta(days=1)
    assert init_instance_by_config("timedelta", "datetime", days=1) == timedelta(days=1)


def test_a_class_can_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "my-record.py").write_text("class Mine:\n    value = 5\n")
    config = {"class": "Mine", "module_path": str(tmp_path / "my-record.py")}
    assert init_instance_by_config(config).value == 5


def test_an_object_of_an_accepted_type_is_given_back() -> None:
    thing = Strict(1)
    assert init_instance_by_config(thing, accept_types=Strict) is thing
    assert init_instance_by_config(thing, accept_types=(str, Strict)) is thing


def test_what_is_offered_goes_where_it_is_taken() -> None:
    config = {"class": "Strict", "module_path": HERE, "kwargs": {"a": 1}}
    assert init_instance_by_config(config, try_kwargs={"b": 2, "c": 3}).given == {"a": 1, "b": 2}
    assert init_instance_by_config({**config, "class": "Passing"}, try_kwargs={"b": 2}).given == {"a": 1, "b": 2}
    assert init_instance_by_config({**config, "class": "Passing"}, try_kwargs={"c": 3}).given == {"a": 1, "b": 0}
    assert init_instance_by_config({"func": "built", "module_path": HERE}, try_kwargs={"c": 3}) == {"c": 3}


def test_what_the_config_gives_is_not_changed_by_what_is_offered() -> None:
    config = {"class": "Strict", "module_path": HERE, "kwargs": {"a": 1, "b": 5}}
    assert init_instance_by_config(config, try_kwargs={"b": 2}).given["b"] == 5


def test_arguments_of_the_config_cannot_be_passed_again() -> None:
    with pytest.raises(ConfigError, match="a: given both by the config of Strict and as argument"):
        init_instance_by_config({"class": "Strict", "module_path": HERE, "kwargs": {"a": 1}}, a=2)


def test_a_fault_inside_a_class_is_not_hidden() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'a'"):
        init_instance_by_config({"class": "Strict", "module_path": HERE}, try_kwargs={"b": 1})


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"class": "Nope", "module_path": "fractions"}, "The module fractions has no 'Nope'"),
        ({"class": "Nope", "module_path": "no.such"}, "There is no module no.such; no is not installed"),
        ({"class": "LGBModel", "module_path": "qlib.contrib.model.gbdt"}, "qlib is not installed: pip install pyqlib"),
        ({"class": "Nope", "module_path": "/no/such.py"}, "There is no module /no/such.py"),
        ({"class": "Nope"}, "module_path is missing"),
        ({"kwargs": {}}, "must name a class or a func; this one has only kwargs"),
        (5, "must be a name or a mapping with a class, not int"),
    ],
)
def test_a_class_that_cannot_be_created_is_named(config: Any, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        init_instance_by_config(config)


def test_a_module_that_lacks_something_of_its_own_says_so_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lacking_module.py").write_text("import surely_not_installed\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModuleNotFoundError, match="surely_not_installed"):
        init_instance_by_config("lacking_module.Thing")


def test_qlibs_records_are_our_own_while_qlib_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instances, "qlib_installed", lambda: False)
    config = {"class": "SignalRecord", "module_path": "qlib.workflow.record_temp"}
    assert type(init_instance_by_config(config)) is SignalRecord


@pytest.mark.parametrize(
    "config",
    [
        "qlib.workflow.record_temp.SignalRecord",
        {"class": "qlib.workflow.record_temp.SignalRecord"},
        {"class": "SignalRecord", "module_path": "qlib.workflow.record_temp"},
    ],
)
def test_our_classes_can_replace_those_of_qlib_even_if_qlib_is_installed(config: Any) -> None:
    assert type(init_instance_by_config(instances.with_own_modules(config))) is SignalRecord


@pytest.mark.parametrize("config", ["fractions.Fraction", {"class": Fraction}, {"func": "a.b"}, 5, None])
def test_no_other_class_is_replaced(config: Any) -> None:
    assert instances.with_own_modules(config) == config


def test_a_file_that_fails_leaves_no_module_behind(tmp_path: Path) -> None:
    (tmp_path / "failing.py").write_text("raise ZeroDivisionError\n")
    before = set(sys.modules)
    with pytest.raises(ZeroDivisionError):
        init_instance_by_config({"class": "Mine", "module_path": str(tmp_path / "failing.py")})
    assert {name for name in set(sys.modules) - before if "failing" in name} == set()


@pytest.fixture
def pickled(tmp_path: Path) -> Path:
    """A pickle of a list."""
    (tmp_path / "an object.pkl").write_bytes(pickle.dumps([1]))
    return tmp_path / "an object.pkl"


def test_a_pickle_is_refused_until_it_is_trusted(pickled: Path) -> None:
    for config in (pickled, pickled.as_uri()):
        with pytest.raises(ConfigError, match="pass trusted=True"):
            init_instance_by_config(config)
        assert init_instance_by_config(config, trusted=True) == [1]


def test_the_path_of_a_pickle_can_be_relative(pickled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pickled.parent.parent)
    assert init_instance_by_config(f"file://{pickled.parent.name}/{pickled.name}", trusted=True) == [1]


def test_a_pickle_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.pkl").write_bytes(b"not a pickle")
    with pytest.raises(LoadObjectError, match=r"broken\.pkl cannot be loaded"):
        init_instance_by_config(tmp_path / "broken.pkl", trusted=True)
