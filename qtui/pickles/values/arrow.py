"""Makes columns that pyarrow kept, by reading its buffers here: with pyarrow if it is installed, and without."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

from qtui.pickles.limits import Limits
from qtui.pickles.node import Node
from qtui.pickles.values.extensions import texts_of
from qtui.pickles.values.kinds import ARROW_DTYPES, string_dtype
from qtui.pickles.values.table import PIECES, Parts, Unknown, check, makes, piece
from qtui.pickles.values.times import checked

NAMES = ("_restore_array", "chunked_array", "py_buffer", "type_for_alias", "timestamp")
PIECES.update(("pyarrow.lib", name) for name in NAMES)

NUMBERS = {"halffloat": "f2", "float": "f4", "double": "f8", "float16": "f2", "float32": "f4", "float64": "f8"}
NUMBERS.update({f"{sign}int{bits}": f"{sign[:1] or 'i'}{bits // 8}" for sign in ("", "u") for bits in (8, 16, 32, 64)})
TIMES = {"date32": "i4", "date32[day]": "i4", "date64": "i8", "date64[ms]": "i8"}
TIMES.update({f"{name}[{unit}]": "i8" for name in ("timestamp", "duration") for unit in ("s", "ms", "us", "ns")})
TEXTS = {"string": "i4", "utf8": "i4", "large_string": "i8", "large_utf8": "i8"}
OCTETS = {"binary": "i4", "large_binary": "i8"}
BOOLS = ("bool", "bool_")
MISFIT = "A buffer of it is too short, or missing."
FOREIGN = "Its kind of Arrow data is not known here."


class Column(NamedTuple):
    """The values of an Arrow array, and which of them are missing."""

    kind: str
    zone: str | None
    values: Any
    missing: Any


@makes("pandas.arrays:ArrowStringArray", "pandas.core.arrays.string_arrow:ArrowStringArray")
@makes("pandas.core.arrays.string_arrow:ArrowStringArrayNumpySemantics")
def make_arrow_texts(parts: Parts) -> Any:
    import numpy as np
    import pandas as pd

    state, column = _column_of(parts)
    check(column.kind in TEXTS, "It holds more than texts.")
    dtype = state.get("_dtype")
    values = np.where(column.missing, None, column.values) if len(column.values) else column.values
    known = isinstance(dtype, pd.StringDtype) or dtype == np.dtype(object)
    return texts_of(values, dtype if known else string_dtype("pyarrow"))


@makes("pandas.arrays:ArrowExtensionArray", "pandas.core.arrays.arrow.array:ArrowExtensionArray")
def make_arrow(parts: Parts) -> Any:
    state, column = _column_of(parts)
    if isinstance(state.get("_dtype"), Node):
        piece(state["_dtype"], *ARROW_DTYPES)
    try:
        import pyarrow
    except ImportError:
        return checked(_without_arrow, column)
    try:
        return _with_arrow(column, pyarrow)
    except pyarrow.ArrowException as error:
        raise Unknown(f"Its Arrow data cannot be: {error}.") from None


def _column_of(parts: Parts) -> tuple[dict[Any, Any], Column]:
    """The state of an array of pandas, and the column it keeps in Arrow."""
    import numpy as np

    state = parts.state
    check(isinstance(state, dict), "Its content is not given.")
    node = piece(state.get("_pa_array", state.get("_data")), "pyarrow.lib:_restore_array", "pyarrow.lib:chunked_array")
    if node.name == "_restore_array":
        return state, read_array(node, parts.limits)
    match node.args:
        case (list() as chunks, *_) if chunks:
            columns = [read_array(piece(chunk, "pyarrow.lib:_restore_array"), parts.limits) for chunk in chunks]
            check(len({column[:2] for column in columns}) == 1, "Its chunks are of different kinds.")
            values = np.concatenate([column.values for column in columns])
            return state, columns[0]._replace(values=values, missing=np.concatenate([each.missing for each in columns]))
        case (list(), Node() as kind):
            return state, _read(*_kind_of(kind), 0, 0, [None, None, None])
    raise Unknown("Its chunks are not given.")


def read_array(node: Node, limits: Limits) -> Column:
    """The column in one array of Arrow, read from its buffers."""
    match node.args:
        case ((Node() as kind, int() as length, int(), int() as offset, list() as buffers, [], None),):
            check(0 <= length <= limits.cells and 0 <= offset <= limits.cells, "Its length is none.")
            return _read(*_kind_of(kind), length, offset, [_buffer(each) for each in buffers])
    raise Unknown(FOREIGN)


def _kind_of(node: Node) -> tuple[str, str | None]:
    """The name of a type of Arrow, and its time zone."""
    match (f"{node.module}.{node.name}", node.args):
        case ("pyarrow.lib.type_for_alias", (str() as name,)):
            return name, None
        case ("pyarrow.lib.timestamp", (str() as unit, None | str() as zone)):
            return f"timestamp[{unit}]", zone
    raise Unknown(FOREIGN)


def _buffer(value: Any) -> bytes | bytearray | None:
    if value is None:
        return None
    args = piece(value, "pyarrow.lib:py_buffer").args or ()
    check(len(args) == 1 and isinstance(args[0], bytes | bytearray), MISFIT)
    content: bytes | bytearray = args[0]
    return content


def _read(kind: str, zone: str | None, length: int, offset: int, buffers: list[Any]) -> Column:
    """Read a column of one kind; every kind says how many buffers it has."""
    import numpy as np

    for kinds, read in READERS:
        if kind in kinds:
            validity, *rest = buffers or [None]
            valid = np.ones(length, bool) if validity is None else _bits(validity, length, offset)
            return Column(kind, zone, read(kind, length, offset, rest), ~valid)
    raise Unknown(FOREIGN)


def _bits(content: Any, length: int, offset: int) -> Any:
    """So many bits as booleans."""
    import numpy as np

    check((content is not None and len(content) * 8 >= offset + length) or not length, MISFIT)
    octets = np.frombuffer(content or b"\0", np.uint8)
    return np.unpackbits(octets, count=offset + length if length else 0, bitorder="little")[offset:].astype(bool)


def _items(code: str, content: Any, count: int) -> Any:
    """So many numbers from the start of a buffer."""
    import numpy as np

    dtype = np.dtype(code).newbyteorder("<")
    if not count:
        return np.empty(0, dtype)
    check(content is not None and len(content) >= count * dtype.itemsize, MISFIT)
    return np.frombuffer(content, dtype, count)


def _read_bools(kind: str, length: int, offset: int, buffers: list[Any]) -> Any:
    check(len(buffers) == 1, MISFIT)
    return _bits(buffers[0], length, offset)


def _read_numbers(kind: str, length: int, offset: int, buffers: list[Any]) -> Any:
    check(len(buffers) == 1, MISFIT)
    return _items((NUMBERS | TIMES)[kind], buffers[0], offset + length if length else 0)[offset:].copy()


def _read_runs(kind: str, length: int, offset: int, buffers: list[Any]) -> Any:
    """Texts or bytes, each from where the one before it ends."""
    import numpy as np

    check(len(buffers) == 2, MISFIT)
    values = np.empty(length, object)
    if not length:
        return values
    content = bytes(buffers[1] or b"")
    bounds: Any = _items((TEXTS | OCTETS)[kind], buffers[0], offset + length + 1)[offset:]
    inside = bounds[0] >= 0 and bounds[-1] <= len(content)
    check(inside and (bounds[1:] >= bounds[:-1]).all(), "Its texts overlap, or lie outside of it.")
    runs = (content[start:end] for start, end in pairwise(bounds.tolist()))
    values[:] = [checked(str, run, "utf-8") for run in runs] if kind in TEXTS else list(runs)
    return values


READERS: tuple[tuple[Any, Callable[[str, int, int, list[Any]], Any]], ...] = (
    (BOOLS, _read_bools),
    (NUMBERS | TIMES, _read_numbers),
    (TEXTS | OCTETS, _read_runs),
)


def _with_arrow(column: Column, pa: Any) -> Any:
    """The column as pandas keeps it, made anew by pyarrow from checked values."""
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


def _without_arrow(column: Column) -> Any:
    """The column in the array of pandas that is nearest to it."""
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
        values[:] = [_date(column.kind, each) for each in column.values.tolist()]
    values[column.missing] = None
    return pd.arrays.NumpyExtensionArray(values)


def _date(kind: str, number: int) -> dt.date:
    days = number if kind.startswith("date32") else number // 86_400_000
    return checked(dt.date.fromordinal, dt.date(1970, 1, 1).toordinal() + days)
