"""The cheaper `dataclass` decorator makes classes that behave like those of the standard library."""

from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from typing import Any

import pytest

from qtui import value_classes


def define(decorator: Callable[..., Any]) -> tuple[Any, Any]:
    """Return two equal definitions of a point and of a line made of points."""

    @decorator(frozen=True, slots=True)
    class Point:
        x: int
        y: float = 0.5

    @decorator(frozen=True, slots=True)
    class Line:
        """A line."""

        points: tuple[Any, ...]
        tags: dict[str, str] = field(default_factory=dict)
        label: str = field(default="line", repr=False)

        def __post_init__(self) -> None:
            if not self.points:
                raise ValueError("no points")

        @property
        def size(self) -> int:
            return len(self.points)

    return Point, Line


@value_classes.dataclass(frozen=True, slots=True)
class Pickled:
    number: int
    name: str = "n"


BOTH = pytest.mark.parametrize("decorator", [dataclass, value_classes.dataclass], ids=["standard", "qtui"])


@BOTH
def test_a_class_that_is_not_frozen_can_be_changed_and_cannot_be_hashed(decorator: Callable[..., Any]) -> None:
    @decorator
    class Message:
        text: str
        parts: list[str] = field(default_factory=list)

        def __post_init__(self) -> None:
            self.is_ready = True

    message = Message("a")
    assert message.is_ready and message == Message("a", []) != Message("b")
    assert repr(message).endswith("Message(text='a', parts=[])")
    message.text = "b"
    assert message == Message("b")
    del message.text
    with pytest.raises(TypeError):
        hash(message)
    with pytest.raises(TypeError):
        Message()
    match Message("c", ["d"]):
        case Message(text, parts):
            assert (text, parts) == ("c", ["d"])


@BOTH
def test_inherited_fields_that_are_passed_by_keyword_only_stay_so(decorator: Callable[..., Any]) -> None:
    @decorator(kw_only=True)
    class Request:
        on_answer: str
        on_cancel: str | None = None

    @decorator
    class Ask(Request):
        title: str
        value: str = ""

    ask = Ask("name", on_answer="yes")
    assert (ask.title, ask.value, ask.on_answer, ask.on_cancel) == ("name", "", "yes", None)
    with pytest.raises(TypeError):
        Ask("name", "yes")
    with pytest.raises(TypeError):
        Ask("name", "", "yes")


@BOTH
def test_a_field_can_be_left_out_of_equality(decorator: Callable[..., Any]) -> None:
    @decorator(frozen=True)
    class Choice:
        name: str
        values: dict[str, str] = field(default_factory=dict, compare=False)

    assert Choice("a", {"x": "1"}) == Choice("a") != Choice("b")
    assert hash(Choice("a", {"x": "1"})) == hash(Choice("a"))


@BOTH
def test_equality_and_hash_follow_the_values(decorator: Callable[..., Any]) -> None:
    point, line = define(decorator)
    assert point(1) == point(1, 0.5) != point(2)
    assert point(1) != (1, 0.5)
    assert hash(point(1)) == hash(point(1, 0.5))
    assert {point(1), point(1)} == {point(1)}
    assert line((point(1),)) == line((point(1),), {})
    with pytest.raises(TypeError):
        hash(line((point(1),)))


@BOTH
def test_repr_shows_the_fields(decorator: Callable[..., Any]) -> None:
    point, line = define(decorator)
    assert repr(point(1)).endswith("Point(x=1, y=0.5)")
    assert repr(line((1,))).endswith("Line(points=(1,), tags={})")


@BOTH
def test_values_cannot_be_changed(decorator: Callable[..., Any]) -> None:
    point, _ = define(decorator)
    for change in (lambda: setattr(point(1), "x", 2), lambda: delattr(point(1), "x")):
        with pytest.raises(FrozenInstanceError):
            change()
    assert not hasattr(point(1), "__dict__")


@BOTH
def test_defaults_and_post_init_are_applied(decorator: Callable[..., Any]) -> None:
    _, line = define(decorator)
    one, two = line((1,)), line((1,))
    assert (one.tags, one.label, one.size) == ({}, "line", 1)
    assert one.tags is not two.tags
    with pytest.raises(ValueError, match="no points"):
        line(())
    with pytest.raises(TypeError):
        line()


@BOTH
def test_functions_for_dataclasses_work(decorator: Callable[..., Any]) -> None:
    point, line = define(decorator)
    assert replace(point(1), x=3) == point(3)
    assert asdict(line((point(1),))) == {"points": ({"x": 1, "y": 0.5},), "tags": {}, "label": "line"}
    assert [item.name for item in fields(point)] == ["x", "y"]
    assert point.__match_args__ == ("x", "y")


def test_values_are_copied_and_pickled() -> None:
    value = Pickled(5)
    assert pickle.loads(pickle.dumps(value)) == value == copy.deepcopy(value)


def test_other_dataclasses_are_those_of_the_standard_library() -> None:
    @value_classes.dataclass
    class Mutable:
        count: int = 0

    mutable = Mutable()
    mutable.count += 1
    assert mutable.count == 1


@BOTH
def test_repr_false_keeps_the_repr_of_object(decorator: Callable[..., Any]) -> None:
    @decorator(frozen=True, slots=True, repr=False)
    class Silent:
        secret: str

    assert "hunter2" not in repr(Silent("hunter2"))


@BOTH
def test_a_class_can_be_extended_before_its_first_value(decorator: Callable[..., Any]) -> None:
    @decorator(frozen=True)
    class Base:
        number: int

    class Named(Base):
        def __init__(self, name: str) -> None:
            super().__init__(len(name))

    class Plain(Base):
        pass

    assert (Named("abc").number, Plain(4).number, Base(5).number) == (3, 4, 5)


def test_the_signature_of_a_class_without_values_names_its_fields() -> None:
    class Derived(define(value_classes.dataclass)[0]):  # type: ignore[misc]
        pass

    point, line = define(value_classes.dataclass)
    assert list(inspect.signature(point).parameters) == ["x", "y"]
    assert list(inspect.signature(line).parameters) == ["points", "tags", "label"]
    assert list(inspect.signature(Derived).parameters) == ["x", "y"]
