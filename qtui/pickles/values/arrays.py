"""Build numpy arrays and scalars from raw bytes of validated size and content."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from qtui.pickles.limits import PickleLimits
from qtui.pickles.node import Node
from qtui.pickles.values.registry import ObjectParts, Unsupported, check, factory, path_of

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

MAX_AXES = 32
LAST_CHARACTER = 0x10FFFF
PLAIN = {("numpy", "ndarray"), ("numpy", "memmap"), ("numpy.core.memmap", "memmap")}
RECORDS = {("numpy", "recarray"), ("numpy.rec", "recarray"), ("numpy.core.records", "recarray")}
CORES = ("numpy._core", "numpy.core")


@factory(*(f"{core}.multiarray:_reconstruct" for core in CORES))
def make_array(parts: ObjectParts) -> Array:
    import numpy as np

    check(parts.args and not parts.items and not parts.pairs, "It is not an array.")
    path = path_of(parts.args[0])
    check(path in PLAIN or path in RECORDS, "Its array class is not supported.")
    match parts.state:
        case (int(), shape, np.dtype() as dtype, is_fortran, content):
            value = array_of(dtype, shape, content, "F" if is_fortran else "C", parts.limits)
            return value.view(np.recarray) if path in RECORDS else value
    raise Unsupported("Its content is not in the format of an array.")


@factory(*(f"{core}.numeric:_frombuffer" for core in CORES))
def make_array_from_buffer(parts: ObjectParts) -> Array:
    import numpy as np

    parts.check_only_args()
    match parts.args:
        case (bytes() | bytearray() as content, np.dtype() as dtype, shape, "C" | "F" as order):
            return array_of(dtype, shape, content, order, parts.limits)
        case (bytes() | bytearray() as content, np.dtype() as dtype, shape, "K", tuple() as axes):
            value = array_of(dtype, shape, content, "C", parts.limits)
            check(all(type(axis) is int for axis in axes), "Its axes are not numbers.")
            check(sorted(axes) == list(range(value.ndim)), "Its axes do not match its shape.")
            return value.transpose(axes)
    raise Unsupported("Its content is not in the format of an array.")


@factory(*(f"{core}.multiarray:scalar" for core in CORES))
def make_scalar(parts: ObjectParts) -> Any:
    import numpy as np

    parts.check_only_args()
    match parts.args:
        case (np.dtype() as dtype, content) if not dtype.hasobject:
            return array_of(dtype, (1,), content, "C", parts.limits)[0]
    raise Unsupported("Its dtype is not supported.")


def array_of(dtype: np.dtype[Any], shape: Any, content: Any, order: Any, limits: PickleLimits) -> Array:
    """Build an array; the content must have the size of the shape and be valid for the dtype."""
    import numpy as np

    check(isinstance(shape, tuple) and len(shape) <= MAX_AXES, "Its shape is invalid.")
    check(all(type(size) is int and 0 <= size <= limits.cells for size in shape), "Its shape is invalid.")
    count = math.prod(shape)
    check(count <= limits.cells, f"It has more than {limits.cells:,} elements.")
    check(dtype.subdtype is None, "Its dtype is a subarray dtype.")
    if dtype == np.dtype(object):
        check(isinstance(content, list) and len(content) == count, "The number of objects does not match its shape.")
        return np.fromiter(content, dtype=object, count=count).reshape(shape).copy(order)
    check(not dtype.hasobject, "Its dtype mixes objects and other fields.")
    return _from_bytes(dtype, count, as_bytes(content)).reshape(shape, order=order)


def as_bytes(content: Any) -> bytes | bytearray:
    """Return the bytes of an array, which Python 2 wrote as a string."""
    if isinstance(content, bytes | bytearray):
        return content
    if isinstance(content, str):
        try:
            return content.encode("latin-1")
        except UnicodeEncodeError:
            pass
    raise Unsupported("Its content is not bytes.")


def _from_bytes(dtype: np.dtype[Any], count: int, content: bytes | bytearray) -> Array:
    import numpy as np

    check(len(content) == count * dtype.itemsize, "The number of bytes does not match its shape.")
    if not content:
        return np.zeros(count, dtype)
    value = np.frombuffer(content if isinstance(content, bytearray) else bytearray(content), dtype)
    _clean(value)
    return value


def _clean(array: Array) -> None:
    """Normalise booleans and validate the code points of strings, as numpy trusts them."""
    import numpy as np

    if array.dtype.names is not None:
        for name in array.dtype.names:
            _clean(array[name])
    elif array.dtype.kind == "b":
        octets = array.view(np.uint8)
        np.minimum(octets, 1, out=octets)
    elif array.dtype.kind == "U" and array.size and array.dtype.itemsize:
        points = np.ascontiguousarray(array).view(np.dtype(np.uint32).newbyteorder(array.dtype.byteorder))
        check(points.max() <= LAST_CHARACTER, "Its strings have invalid code points.")


@factory("numpy.ma.core:_mareconstruct")
def make_masked_array(parts: ObjectParts) -> Any:
    import numpy as np

    match parts.state:
        case (int(), shape, np.dtype() as dtype, bool() | int() as is_fortran, content, mask, fill):
            order = "F" if is_fortran else "C"
            masks = array_of(np.ma.make_mask_descr(dtype), shape, mask, order, parts.limits)
            value = np.ma.array(array_of(dtype, shape, content, order, parts.limits), mask=masks)
            value.fill_value = _fill_value(fill, dtype)
            return value
    raise Unsupported("Its content is not in the format of a masked array.")


def _fill_value(fill: Any, dtype: np.dtype[Any]) -> Any:
    """Return the fill value of a masked array."""
    import numpy as np

    if fill is None:
        return None
    fits = isinstance(fill, np.ndarray) and fill.dtype == dtype and fill.size == 1
    check(fits, "Its fill value has a different dtype.")
    return fill.reshape(())[()]


def is_array(value: Any, kinds: str) -> bool:
    """Return whether a value is an array with one of these dtype kinds."""
    import numpy as np

    return isinstance(value, np.ndarray) and value.dtype.kind in kinds and not isinstance(value, Node)
