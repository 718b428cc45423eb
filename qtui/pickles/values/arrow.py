"""Build Arrow-backed arrays by reading the Arrow buffers, with or without pyarrow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

from qtui.pickles.limits import PickleLimits
from qtui.pickles.node import Node
from qtui.pickles.values.extensions import texts_of
from qtui.pickles.values.pandas_dtypes import ARROW_DTYPES, string_dtype
from qtui.pickles.values.registry import PART_NAMES, ObjectParts, Unsupported, check, factory, require_node
from qtui.pickles.values.times import call_checked

NAMES = ("_restore_array", "chunked_array", "py_buffer", "type_for_alias", "timestamp")
PART_NAMES.update(("pyarrow.lib", name) for name in NAMES)

NUMBERS = {"halffloat": "f2", "float": "f4", "double": "f8", "float16": "f2", "float32": "f4", "float64": "f8"}
NUMBERS.update({f"{sign}int{bits}": f"{sign[:1] or 'i'}{bits // 8}" for sign in ("", "u") for bits in (8, 16, 32, 64)})
TIMES = {"date32": "i4", "date32[day]": "i4", "date64": "i8", "date64[ms]": "i8"}
TIMES.update({f"{name}[{unit}]": "i8" for name in ("timestamp", "duration") for unit in ("s", "ms", "us", "ns")})
TEXTS = {"string": "i4", "utf8": "i4", "large_string": "i8", "large_utf8": "i8"}
BYTEARRAY = {"binary": "i4", "large_binary": "i8"}
BOOLS = ("bool", "bool_")
BUFFER_ERROR = "An Arrow buffer is missing or too short."
UNKNOWN_ARROW_TYPE = "Its Arrow type is not supported."


class ArrowColumn(NamedTuple):
    """The values of an Arrow array and the mask of missing values."""

    kind: str
    zone: str | None
    values: Any
    missing: Any


@factory("pandas.arrays:ArrowStringArray", "pandas.core.arrays.string_arrow:ArrowStringArray")
@factory("pandas.core.arrays.string_arrow:ArrowStringArrayNumpySemantics")
def make_arrow_texts(parts: ObjectParts) -> Any:
    import numpy as np
    import pandas as pd

    state, column = _column_of(parts)
    check(column.kind in TEXTS, "It has values other than strings.")
    dtype = state.get("_dtype")
    values = np.where(column.missing, None, column.values) if len(column.values) else column.values
    known = isinstance(dtype, pd.StringDtype) or dtype == np.dtype(object)
    return texts_of(values, dtype if known else string_dtype("pyarrow"))


@factory("pandas.arrays:ArrowExtensionArray", "pandas.core.arrays.arrow.array:ArrowExtensionArray")
def make_arrow(parts: ObjectParts) -> Any:
    state, column = _column_of(parts)
    if isinstance(state.get("_dtype"), Node):
        require_node(state["_dtype"], *ARROW_DTYPES)
    try:
        import pyarrow
    except ImportError:
        return call_checked(_without_arrow, column)
    try:
        return _with_arrow(column, pyarrow)
    except pyarrow.ArrowException as error:
        raise Unsupported(f"Its Arrow data is invalid: {error}.") from None


def _column_of(parts: ObjectParts) -> tuple[dict[Any, Any], ArrowColumn]:
    """Return the state of a pandas array and its Arrow column."""
    import numpy as np

    state = parts.state
    check(isinstance(state, dict), "Its content is missing.")
    content = state.get("_pa_array", state.get("_data"))
    node = require_node(content, "pyarrow.lib:_restore_array", "pyarrow.lib:chunked_array")
    if node.name == "_restore_array":
        return state, read_array(node, parts.limits)
    match node.args:
        case (list() as chunks, *_) if chunks:
            columns = [read_array(require_node(chunk, "pyarrow.lib:_restore_array"), parts.limits) for chunk in chunks]
            check(len({column[:2] for column in columns}) == 1, "Its chunks have different types.")
            values = np.concatenate([column.values for column in columns])
            missing = np.concatenate([column.missing for column in columns])
            return state, columns[0]._replace(values=values, missing=missing)
        case (list(), Node() as kind):
            return state, _read(*_kind_of(kind), 0, 0, [None, None, None])
    raise Unsupported("Its chunks are missing.")


def read_array(node: Node, limits: PickleLimits) -> ArrowColumn:
    """Read a column from the buffers of an Arrow array."""
    match node.args:
        case ((Node() as kind, int() as length, int(), int() as offset, list() as buffers, [], None),):
            check(0 <= length <= limits.cells and 0 <= offset <= limits.cells, "Its length is invalid.")
            return _read(*_kind_of(kind), length, offset, [_buffer(buffer) for buffer in buffers])
    raise Unsupported(UNKNOWN_ARROW_TYPE)


def _kind_of(node: Node) -> tuple[str, str | None]:
    """Return the name of an Arrow type, and its time zone."""
    match (f"{node.module}.{node.name}", node.args):
        case ("pyarrow.lib.type_for_alias", (str() as name,)):
            return name, None
        case ("pyarrow.lib.timestamp", (str() as unit, None | str() as zone)):
            return f"timestamp[{unit}]", zone
    raise Unsupported(UNKNOWN_ARROW_TYPE)


def _buffer(value: Any) -> bytes | bytearray | None:
    if value is None:
        return None
    args = require_node(value, "pyarrow.lib:py_buffer").args or ()
    check(len(args) == 1 and isinstance(args[0], bytes | bytearray), BUFFER_ERROR)
    content: bytes | bytearray = args[0]
    return content


def _read(kind: str, zone: str | None, length: int, offset: int, buffers: list[Any]) -> ArrowColumn:
    """Read a column with the reader of its type."""
    import numpy as np

    for kinds, read in READERS:
        if kind in kinds:
            validity, *rest = buffers or [None]
            valid = np.ones(length, bool) if validity is None else _bits(validity, length, offset)
            return ArrowColumn(kind, zone, read(kind, length, offset, rest), ~valid)
    raise Unsupported(UNKNOWN_ARROW_TYPE)


def _bits(content: Any, length: int, offset: int) -> Any:
    """Read `length` bits as booleans."""
    import numpy as np

    check((content is not None and len(content) * 8 >= offset + length) or not length, BUFFER_ERROR)
    octets = np.frombuffer(content or b"\0", np.uint8)
    return np.unpackbits(octets, count=offset + length if length else 0, bitorder="little")[offset:].astype(bool)


def _items(code: str, content: Any, count: int) -> Any:
    """Read `count` numbers from the start of a buffer."""
    import numpy as np

    dtype = np.dtype(code).newbyteorder("<")
    if not count:
        return np.empty(0, dtype)
    check(content is not None and len(content) >= count * dtype.itemsize, BUFFER_ERROR)
    return np.frombuffer(content, dtype, count)


def _read_bools(kind: str, length: int, offset: int, buffers: list[Any]) -> Any:
    check(len(buffers) == 1, BUFFER_ERROR)
    return _bits(buffers[0], length, offset)


def _read_numbers(kind: str, length: int, offset: int, buffers: list[Any]) -> Any:
    check(len(buffers) == 1, BUFFER_ERROR)
    return _items((NUMBERS | TIMES)[kind], buffers[0], offset + length if length else 0)[offset:].copy()


def _read_variable_length(kind: str, length: int, offset: int, buffers: list[Any]) -> Any:
    """Read strings or bytes by their offsets."""
    import numpy as np

    check(len(buffers) == 2, BUFFER_ERROR)
    values = np.empty(length, object)
    if not length:
        return values
    content = bytes(buffers[1] or b"")
    bounds: Any = _items((TEXTS | BYTEARRAY)[kind], buffers[0], offset + length + 1)[offset:]
    inside = bounds[0] >= 0 and bounds[-1] <= len(content)
    check(inside and (bounds[1:] >= bounds[:-1]).all(), "Its string offsets are invalid.")
    runs = (content[start:end] for start, end in pairwise(bounds.tolist()))
    values[:] = [call_checked(str, run, "utf-8") for run in runs] if kind in TEXTS else list(runs)
    return values


READERS: tuple[tuple[Any, Callable[[str, int, int, list[Any]], Any]], ...] = (
    (BOOLS, _read_bools),
    (NUMBERS | TIMES, _read_numbers),
    (TEXTS | BYTEARRAY, _read_variable_length),
)


def _with_arrow(column: ArrowColumn, pa: Any) -> Any:
    """Build the pandas array with pyarrow from validated values."""
    import numpy as np
    import pandas as pd

    kind = pa.type_for_alias(column.kind)
    if column.zone is not None:
        kind = pa.timestamp(kind.unit, column.zone)
    if column.values.dtype == object:
        values: Any = np.where(column.missing, None, column.values)
        array = pa.array(values.tolist(), kind)
    else:
        array = pa.array(column.values, mask=column.missing).view(kind)
    return pd.arrays.ArrowExtensionArray(pa.chunked_array([array]))


def _without_arrow(column: ArrowColumn) -> Any:
    """Build the closest pandas array without pyarrow."""
    import numpy as np
    import pandas as pd

    if column.kind in TEXTS:
        return texts_of(np.where(column.missing, None, column.values), string_dtype())
    if column.kind in NUMBERS and column.kind not in ("halffloat", "float16"):
        make = pd.arrays.FloatingArray if column.values.dtype.kind == "f" else pd.arrays.IntegerArray
        return make(column.values, column.missing)
    if column.kind in BOOLS:
        return pd.arrays.BooleanArray(column.values, column.missing)
    if column.kind.startswith(("timestamp", "duration")):
        code = "M8" if column.kind.startswith("timestamp") else "m8"
        times = column.values.view(code + column.kind[column.kind.index("[") :])
        times[column.missing] = "NaT"
        index: Any = pd.Index(times)
        return (index if column.zone is None else index.tz_localize("UTC").tz_convert(column.zone)).array
    values = column.values.astype(object)
    if column.kind.startswith("date"):
        values[:] = [_date(column.kind, number) for number in column.values.tolist()]
    values[column.missing] = None
    return pd.arrays.NumpyExtensionArray(values)


def _date(kind: str, number: int) -> dt.date:
    days = number if kind.startswith("date32") else number // 86_400_000
    return call_checked(dt.date.fromordinal, dt.date(1970, 1, 1).toordinal() + days)
