"""The values in the sample pickles: every dtype, every kind of index, unusual shapes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

Cases = dict[str, Callable[[], Any]]
NUMBERS = ("b", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "c8", "c16")
UNITS = ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns")
STRUCTURED = [("name", "U4"), ("at", "M8[s]"), ("value", "<f8", (2,)), ("big", ">i4")]
ZONES = ("UTC", "Asia/Shanghai", "US/Eastern", "dateutil/Europe/Paris")
INDEX_DTYPES = ("int64", "float64", "uint64", "int8", "bool", "object", "complex128")
ARROW = ("int64", "float64", "bool", "string", "timestamp[ns]", "date32[day]", "large_string", "binary", "uint8")
FREQUENCIES = ("D", "B", "W-FRI", "2D", "3min", "7s")
PERIODS = ("D", "M", "Q-DEC", "W-SUN")
OFFSETS = ("Day", "BusinessDay", "MonthEnd", "Hour", "Week", "YearEnd", "QuarterBegin")


def days(count: int = 3, **options: Any) -> pd.DatetimeIndex:
    """Return days from the start of 2020."""
    return pd.date_range("2020-01-01", periods=count, **{"freq": "D", **options})


def predictions() -> pd.DataFrame:
    """Return predictions like Qlib's pred.pkl: a score for each day and instrument."""
    index = pd.MultiIndex.from_product([days(), ["SH600000", "SZ000001"]], names=["datetime", "instrument"])
    return pd.DataFrame({"score": np.linspace(-1, 1, 6)}, index=index)


def mixed() -> pd.DataFrame:
    """Return a frame with many blocks, whose columns are in another order than the blocks."""
    return pd.DataFrame(
        {
            "float": [0.5, np.nan, np.inf],
            "text": ["a", None, "沪深"],
            "int": [1, 2, 3],
            "float again": [-0.0, 1e-300, 5.0],
            "when": days(),
            "flag": [True, False, True],
            "small": np.array([1, 2, 3], "i2"),
            "span": pd.to_timedelta([1, 2, None], unit="h"),
            "local": days(tz="Asia/Shanghai"),
            "kind": pd.Categorical(["x", "y", None], categories=["y", "x", "z"]),
            "things": [[1, 2], {"a": 1}, (3, "b")],
        }
    )


def cases() -> Cases:
    """Return all cases by name; a call raises if this pandas does not support the value."""
    by_name: Cases = {}
    for family in (_numpy, _scalars, _indexes, _extensions, _shapes):
        by_name.update(family())
    return by_name


def _numpy() -> Iterator[tuple[str, Callable[[], Any]]]:
    for code in NUMBERS:
        yield f"array {code}", lambda code=code: np.array([[0, 1, 2], [3, 100, 5]]).astype(code)
        yield f"scalar {code}", lambda code=code: np.array(3).astype(code)[()]
    yield "array big endian", lambda: np.arange(5, dtype=">i4")
    yield "array fortran", lambda: np.asfortranarray(np.arange(12.0).reshape(3, 4))
    yield "array fortran of objects", lambda: np.asfortranarray(np.array([[1, "b"], [None, 2.5]], dtype=object))
    yield "array strided", lambda: np.arange(20)[::3]
    yield "array of three axes", lambda: np.arange(24).reshape(2, 3, 4).transpose(2, 0, 1)
    yield "array without axes", lambda: np.array(7.5)
    yield "array empty", lambda: np.empty((0, 3))
    yield "array text", lambda: np.array([["a", "沪深"], ["", "xyz"]])
    yield "array bytes", lambda: np.array([b"a", b"\xff\x00z"])
    yield "array objects", lambda: np.array([1, "a", None, [2], days()[0]], dtype=object)
    yield "array structured", lambda: np.array([("ab", "2020-01-01", (1, 2), 7), ("", "NaT", (3, 4), -8)], STRUCTURED)
    yield "array void", lambda: np.array([b"abc", b"de"], "V3")
    yield "array records", lambda: np.rec.array([(1, 2.0), (3, 4.0)], dtype=[("a", "i4"), ("b", "f8")])
    yield "array masked", lambda: np.ma.array([1.0, 2.0, 3.0], mask=[False, True, False])
    for unit in UNITS:
        yield f"array datetime {unit}", lambda unit=unit: np.array(["2020-01-01", "NaT"], f"M8[{unit}]")
        yield f"array timedelta {unit}", lambda unit=unit: np.array([5, "NaT"], f"m8[{unit}]")
    yield "scalar datetime", lambda: np.datetime64("2020-01-01T10:00", "25s")
    yield "scalar text", lambda: np.str_("沪深")
    yield "scalar bytes", lambda: np.bytes_(b"ab\xff")
    yield "scalar void", lambda: np.array([("ab", "2020-01-01", (1, 2), 7)], STRUCTURED)[0]
    yield "dtypes", lambda: [np.dtype("f8"), np.dtype(STRUCTURED), np.dtype("M8[us]"), np.dtype("O"), np.dtype("U5")]


def _scalars() -> Iterator[tuple[str, Callable[[], Any]]]:
    yield "timestamp", lambda: pd.Timestamp("2020-01-01 10:11:12.123456789")
    for zone in ZONES:
        yield f"timestamp {zone}", lambda zone=zone: pd.Timestamp("2020-07-01 10:11:12", tz=zone)
        yield (
            f"timestamp {zone} turned back",
            lambda zone=zone: pd.Timestamp("2020-11-01 05:30", tz="UTC").tz_convert(zone),
        )
    yield "timestamp offset", lambda: pd.Timestamp("2020-01-01 10:00+05:30")
    yield "timestamp seconds", lambda: pd.Timestamp("2020-01-01").as_unit("s")
    yield "timestamp in year 1", lambda: pd.Timestamp("0001-01-01").as_unit("us")
    yield "timedelta", lambda: pd.Timedelta("3 days 04:05:06.000000007")
    yield "timedelta seconds", lambda: pd.Timedelta("1h").as_unit("s")
    yield "missing", lambda: [pd.NaT, pd.NA, None, np.nan]
    yield "period", lambda: [pd.Period("2020-01", freq="M"), pd.Period("2020Q3", freq="Q-DEC")]
    yield "interval", lambda: [pd.Interval(0, 1.5), pd.Interval(days()[0], days()[1], closed="both")]
    for name in OFFSETS:
        yield f"offset {name}", lambda name=name: getattr(pd.offsets, name)(2)
    yield "python", lambda: [dt.date(2020, 1, 2), dt.datetime(2020, 1, 2, tzinfo=dt.UTC), Decimal("1.50")]


def _indexes() -> Iterator[tuple[str, Callable[[], Any]]]:
    for dtype in INDEX_DTYPES:
        yield f"index {dtype}", lambda dtype=dtype: pd.Index(np.array([0, 1, 3]).astype(dtype), name="n")
    yield "index range", lambda: pd.RangeIndex(2, 20, 3, name="步")
    yield "index text", lambda: pd.Index(["a", "b", "沪"], name=("two", 1))
    yield "index mixed", lambda: pd.Index([1, "a", None, 2.5])
    yield "index dates", lambda: pd.Index([dt.date(2020, 1, 1), dt.date(2020, 1, 2)])
    for freq in FREQUENCIES:
        yield f"index freq {freq}", lambda freq=freq: days(freq=freq)
    for zone in ZONES:
        yield f"index {zone}", lambda zone=zone: days(tz=zone)
    yield "index datetime without freq", lambda: pd.DatetimeIndex(["2020-01-05", None, "2019-01-01"], name="when")
    yield "index datetime seconds", lambda: days().as_unit("s")
    yield "index timedelta", lambda: pd.timedelta_range("1h", periods=3, freq="90min")
    for freq in PERIODS:
        yield f"index period {freq}", lambda freq=freq: pd.period_range("2020-01-01", periods=3, freq=freq)
    yield "index category", lambda: pd.CategoricalIndex(["b", "a", None, "b"], categories=["a", "b"], ordered=True)
    yield "index interval", lambda: pd.interval_range(0, 3, closed="left", name="range")
    yield "index interval of times", lambda: pd.interval_range(days()[0], periods=2)
    yield "index multi", lambda: pd.MultiIndex.from_tuples([("a", 1), ("b", None), ("a", 3)], names=["k", None])
    yield (
        "index multi deep",
        lambda: pd.MultiIndex.from_product([days(2), pd.period_range("2020", periods=2, freq="M"), [1.5]]),
    )
    yield "index empty", lambda: pd.Index([])
    yield "index empty multi", lambda: predictions().index[:0]


def _extensions() -> Iterator[tuple[str, Callable[[], Any]]]:
    for dtype in ("Int64", "Int8", "UInt32", "Float64", "Float32", "boolean"):
        yield f"nullable {dtype}", lambda dtype=dtype: pd.Series([1, None, 0], dtype=dtype, name="n")
        yield f"nullable index {dtype}", lambda dtype=dtype: pd.Index(pd.array([1, 0], dtype=dtype))
    for dtype in ("string", "string[python]", "string[pyarrow]"):
        yield f"text {dtype}", lambda dtype=dtype: pd.Series(["a", None, "沪深", ""], dtype=dtype)
        yield f"text sliced {dtype}", lambda dtype=dtype: pd.Series(["a", None, "沪深", ""] * 3, dtype=dtype)[3:9]
    for name in ARROW:
        yield f"arrow {name}", lambda name=name: _arrow(name)
    yield "category ordered", lambda: pd.Series(pd.Categorical([1, 3, 2], categories=[3, 2, 1], ordered=True))
    yield "category of times", lambda: pd.Series(pd.Categorical(days()))
    yield "category empty", lambda: pd.Series(pd.Categorical([None, None]))
    yield "category array", lambda: pd.Categorical(["a", "b", "a"])
    yield "sparse", lambda: pd.Series(pd.arrays.SparseArray([0, 0, 1.5, 0, np.nan], fill_value=0))
    yield "sparse bool", lambda: pd.Series(pd.arrays.SparseArray([False, True, False]))
    yield "sparse block", lambda: pd.Series(pd.arrays.SparseArray([0, 0, 7, 8, 0], kind="block"))
    yield "interval column", lambda: pd.Series(pd.arrays.IntervalArray.from_breaks([0.0, 1.0, 2.5]))
    yield "period column", lambda: pd.Series(pd.period_range("2020-01", periods=2, freq="M"))
    yield "zone column", lambda: pd.Series(days(tz="US/Eastern"))
    yield (
        "arrays",
        lambda: [days().array, pd.array([1, None], dtype="Int64"), pd.timedelta_range("1h", periods=2).array],
    )


def _arrow(name: str) -> pd.Series:
    import pyarrow as pa

    values = {
        "string": ["a", None, "沪深"],
        "large_string": ["a", None, "沪深"],
        "binary": [b"a", None, b"\xff"],
        "timestamp[ns]": [dt.datetime(2020, 1, 1), None, dt.datetime(2020, 1, 2)],
        "date32[day]": [dt.date(2020, 1, 1), None, dt.date(1969, 1, 2)],
        "bool": [True, None, False],
    }.get(name, [1, None, 3])
    types = {"timestamp[ns]": pa.timestamp("ns"), "date32[day]": pa.date32(), "large_string": pa.large_string()}
    kind = types.get(name) or pa.type_for_alias(name)
    return pd.Series(
        pd.arrays.ArrowExtensionArray(pa.chunked_array([pa.array(values, kind), pa.array(values[:1], kind)]))
    )


def _shapes() -> Iterator[tuple[str, Callable[[], Any]]]:
    yield "frame predictions", predictions
    yield "frame numeric", lambda: pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})
    yield "frame float32", lambda: predictions().astype("float32").rename(columns={"score": "LABEL0"})
    yield "frame mixed", mixed
    yield "frame one row", lambda: mixed().iloc[1:2]
    yield "frame strided", lambda: pd.DataFrame(np.arange(40.0).reshape(8, 5)).iloc[::3, ::2]
    yield "frame empty", lambda: pd.DataFrame()
    yield "frame without rows", lambda: mixed().iloc[:0]
    yield "frame without columns", lambda: mixed()[[]]
    yield "frame twice the same column", lambda: pd.DataFrame([[1, 2.5], [3, 4.5]], columns=["a", "a"])
    yield (
        "frame of column levels",
        lambda: (
            predictions()["score"]
            .unstack()
            .set_axis(pd.MultiIndex.from_tuples([("a", "x"), ("b", "y")], names=["one", None]), axis=1)
        ),
    )
    yield "frame attrs", lambda: _with_attrs(pd.DataFrame({"a": [1]}))
    yield (
        "frame risk",
        lambda: pd.DataFrame(
            {"risk": [0.001, 0.5]}, index=pd.MultiIndex.from_tuples([("excess_return_with_cost", "mean"), ("x", "std")])
        ),
    )
    yield "series ic", lambda: pd.Series([0.05, np.nan, -0.01], index=pd.Index(days(), name="datetime"))
    yield "series named", lambda: pd.Series([1, 2], name=("a", 1), index=["x", "y"])
    yield "series of objects", lambda: pd.Series([1, "a", None, days()[0], {"k": [1]}])
    yield "series bool", lambda: pd.Series([True, False])
    yield "frames in a dict", lambda: {days()[0]: predictions(), "list": [pd.Series([1]), (mixed(),)]}


def _with_attrs(frame: pd.DataFrame) -> pd.DataFrame:
    frame.attrs["source"] = {"csi300": [1, 2]}
    return frame
