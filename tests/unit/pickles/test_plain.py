"""Values of plain Python come back as they were, and damage is told instead of raised."""

from __future__ import annotations

import copyreg
import datetime as dt
import pickle
import uuid
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qtui.errors import PickleError, PickleRefused, PickleUnreadable
from qtui.pickles import Node, PickleLimits, load
from tests.unit.pickles.inside import load_here

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)
ZONES = st.sampled_from([None, dt.UTC, dt.timezone(dt.timedelta(hours=5, minutes=30)), ZoneInfo("Asia/Shanghai")])
NUMBERS = st.integers() | st.floats(allow_nan=False) | st.complex_numbers(allow_nan=False) | st.booleans()
TEXTS = st.text() | st.text(st.characters(categories=("Cs", "Lo", "Cc"))) | st.binary()
TIMES = st.datetimes(timezones=ZONES) | st.dates() | st.times() | st.timedeltas()
ODD = (
    st.decimals(allow_nan=False)
    | st.fractions()
    | st.uuids()
    | st.builds(range, st.integers(0, 99), st.integers(0, 99))
)
KEYS = st.none() | NUMBERS | TEXTS | TIMES | ODD
ATOMS = KEYS | st.builds(bytearray, st.binary()) | st.builds(slice, st.integers(), st.none(), st.text())
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.sets(KEYS, max_size=4)
        | st.frozensets(KEYS, max_size=4)
        | st.builds(deque, st.lists(inner, max_size=3), st.none() | st.integers(3, 9))
        | st.builds(OrderedDict, st.dictionaries(KEYS, inner, max_size=3))
        | st.builds(lambda given: defaultdict(list, given), st.dictionaries(KEYS, inner, max_size=3))
        | st.builds(Counter, st.lists(st.text(), max_size=3))
    ),
    max_leaves=20,
)


class Position:
    """A class that is never imported when it is looked at."""

    def __init__(self, cash: float) -> None:
        self.cash = cash
        self.me = self


@given(VALUES, st.sampled_from(PROTOCOLS))
def test_any_plain_value_comes_back_equal_and_of_the_same_type(value: Any, protocol: int) -> None:
    content = pickle.dumps(value, protocol)
    loaded = load_here(content)
    assert loaded == value
    assert type(loaded) is type(value)
    # Not the value's own: the fold of a time that comes twice has no place in the older protocols.
    text = repr(pickle.loads(content))
    assert repr(loaded) == text or isinstance(value, set | frozenset | dict | list | tuple | deque)


@given(VALUES, st.sampled_from(PROTOCOLS), st.lists(st.tuples(st.integers(0), st.integers(0, 255)), max_size=8))
def test_any_damage_is_a_value_or_a_qtui_error(value: Any, protocol: int, damages: list[tuple[int, int]]) -> None:
    content = bytearray(pickle.dumps(value, protocol))
    for place, byte in damages:
        content[place % len(content)] = byte
    try:
        load_here(bytes(content))
    except PickleError as error:
        assert str(error)


@given(VALUES, st.integers(0))
def test_a_truncated_stream_gives_its_complete_values(value: Any, length: int) -> None:
    content = pickle.dumps([value, value], 4)
    try:
        load_here(content[: length % len(content)] or b"N")
    except PickleError as error:
        assert str(error)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_a_qtui_error(content: bytes) -> None:
    try:
        load_here(content)
    except PickleError as error:
        assert str(error)


def test_sharing_and_cycles_are_kept() -> None:
    shared: list[Any] = [1]
    shared.append(shared)
    ring = (shared, {"again": shared})
    shared.append(ring)
    loaded = load(pickle.dumps([ring, shared], 4)).value
    assert loaded[0][0] is loaded[1] is loaded[1][1] is loaded[0][1]["again"]
    assert loaded[1][2] is loaded[0]


def test_an_ordered_dict_may_hold_itself() -> None:
    made: OrderedDict[str, Any] = OrderedDict()
    made["me"] = made
    loaded = load_here(pickle.dumps(made, 4))
    assert type(loaded) is OrderedDict
    assert loaded["me"] is loaded


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_object_of_a_foreign_class_is_shown_by_its_parts(protocol: int) -> None:
    loaded = load(pickle.dumps({"1day": [Position(5.0), Position]}, protocol))
    position, kind = loaded.value["1day"]
    assert isinstance(position, Node)
    assert position.path == f"{__name__}.Position"
    assert position.state["cash"] == 5.0
    assert position.state["me"] is position
    assert kind.args is None and kind.path == position.path
    assert loaded.notes == (f"Shown as plain data, because qtui never runs a pickle: {__name__}.Position.",)
    assert f"{__name__}.Position" in repr(position)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_paths_are_values_and_touch_nothing(protocol: int) -> None:
    paths = [PurePosixPath("/data/沪深"), PureWindowsPath("C:\\data"), PurePosixPath()]
    assert load_here(pickle.dumps(paths, protocol)) == paths


def test_a_text_of_python_2_is_text_if_it_is_ascii_and_bytes_if_not() -> None:
    assert load_here(b"(S'abc'\nS'\\xe6'\nl.") == ["abc", b"\xe6"]


def test_a_truncated_pickle_gives_its_complete_values_and_the_reason() -> None:
    loaded = load(pickle.dumps({"ic": [1, 2, 3], "ric": "x" * 100}, 4)[:-40])
    assert loaded.value == {"ic": [1, 2, 3]}
    assert not loaded.is_complete
    assert "truncated" in loaded.notes[0] and loaded.notes[0].endswith("Only the part before it is shown.")


def test_a_second_pickle_is_ignored_with_a_note() -> None:
    loaded = load(pickle.dumps(1) + pickle.dumps(2))
    assert loaded.value == 1
    assert loaded.notes == ("Only the first pickle is shown; 5 bytes follow, probably another pickle.",)


@pytest.mark.parametrize("hidden", [b"cos\nabort\n)R0N.", b"(cos\nabort\n)R1N.", b"cos\nabort\n)R\x940N."])
def test_calls_with_unused_results_are_noted(hidden: bytes) -> None:
    loaded = load(hidden)
    assert loaded.value is None
    assert loaded.notes == ("Unpickling it would also call os.abort and discard the result.",)


def test_buffers_outside_of_the_file_are_refused() -> None:
    content = pickle.dumps(pickle.PickleBuffer(b"x"), 5, buffer_callback=lambda buffer: None)
    with pytest.raises(PickleRefused, match="out-of-band buffers"):
        load(content)


def test_a_registered_extension_is_only_a_number() -> None:
    copyreg.add_extension(__name__, "Position", 240)
    try:
        content = pickle.dumps(Position, 2)
    finally:
        copyreg.remove_extension(__name__, "Position", 240)
    assert load_here(content).name == "240"


def test_a_number_too_long_to_be_expanded_values_is_a_node() -> None:
    assert load_here(pickle.dumps(1 << 10_000)) == 1 << 10_000
    assert load_here(pickle.dumps(1 << 100_000)).reason == "It has too many digits to show."


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (PickleLimits(file_bytes=10), "the limit is 10"),
        (PickleLimits(steps=10), "more than 10 opcodes"),
        (PickleLimits(values=10), "more than 10 values"),
        (PickleLimits(nodes=5), "more than 5 lists, dicts and objects"),
        (PickleLimits(sent_bytes=10), "more than 10 bytes of values"),
        (PickleLimits(depth=3), "more than 3 levels deep"),
        (PickleLimits(expanded_values=10), "has more than 10 values"),
    ],
)
def test_each_limit_is_kept_and_named(limits: PickleLimits, reason: str) -> None:
    with pytest.raises(PickleRefused, match=reason):
        load(pickle.dumps([[[list(range(50))]], uuid.UUID(int=1), Decimal(1), Fraction(1)]), limits=limits)


def test_an_empty_file_is_no_pickle() -> None:
    with pytest.raises(PickleUnreadable, match="empty"):
        load(b"")
