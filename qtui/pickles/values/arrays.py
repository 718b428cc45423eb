"""Makes numpy's arrays and scalars from raw bytes, whose number and content are checked first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from qtui.pickles.limits import Limits
from qtui.pickles.node import Node
from qtui.pickles.values.table import Parts, Unknown, check, makes, path_of

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

AXES = 32
LAST_CHARACTER = 0x10FFFF
PLAIN = {("numpy", "ndarray"), ("numpy", "memmap"), ("numpy.core.memmap", "memmap")}
RECORDS = {("numpy", "recarray"), ("numpy.rec", "recarray"), ("numpy.core.records", "recarray")}
CORES = ("numpy._core", "numpy.core")


@makes(*(f"{core}.multiarray:_reconstruct" for core in CORES))
def make_array(parts: Parts) -> Array:
    import numpy as np

    check(parts.args and not parts.items and not parts.pairs, "It is no array.")
    path = path_of(parts.args[0])
    check(path in PLAIN or path in RECORDS, "It is a kind of array that is not known here.")
    match parts.state:
        case (int(), shape, np.dtype() as dtype, is_fortran, content):
            made = array_of(dtype, shape, content, "F" if is_fortran else "C", parts.limits)
            return made.view(np.recarray) if path in RECORDS else made
    raise Unknown("Its content is not given as an array's.")


@makes(*(f"{core}.numeric:_frombuffer" for core in CORES))
def make_array_from_buffer(parts: Parts) -> Array:
    import numpy as np

    parts.check_only_args()
    match parts.args:
        case (bytes() | bytearray() as content, np.dtype() as dtype, shape, "C" | "F" as order):
            return array_of(dtype, shape, content, order, parts.limits)
        case (bytes() | bytearray() as content, np.dtype() as dtype, shape, "K", tuple() as axes):
            made = array_of(dtype, shape, content, "C", parts.limits)
            check(all(type(axis) is int for axis in axes), "Its axes are no numbers.")
            check(sorted(axes) == list(range(made.ndim)), "Its axes are not those of its shape.")
            return made.transpose(axes)
    raise Unknown("Its content is not given as an array's.")


@makes(*(f"{core}.multiarray:scalar" for core in CORES))
def make_scalar(parts: Parts) -> Any:
    import numpy as np

    parts.check_only_args()
    match parts.args:
        case (np.dtype() as dtype, content) if not dtype.hasobject:
            return array_of(dtype, (1,), content, "C", parts.limits)[0]
    raise Unknown("Its dtype is not known here.")


def array_of(dtype: np.dtype[Any], shape: Any, content: Any, order: Any, limits: Limits) -> Array:
    """An array of this shape; the content has to be as long as that needs, and fit for its dtype."""
    import numpy as np

    check(isinstance(shape, tuple) and len(shape) <= AXES, "Its shape is none.")
    check(all(type(each) is int and 0 <= each <= limits.cells for each in shape), "Its shape is none.")
    count = math.prod(shape)
    check(count <= limits.cells, f"It has more than {limits.cells:,} elements.")
    check(dtype.subdtype is None, "Its dtype is that of an element.")
    if dtype == np.dtype(object):
        check(isinstance(content, list) and len(content) == count, "It has not as many objects as its shape needs.")
        return np.fromiter(content, dtype=object, count=count).reshape(shape).copy(order)
    check(not dtype.hasobject, "Its dtype mixes objects and bytes.")
    return _from_bytes(dtype, count, octets_of(content)).reshape(shape, order=order)


def octets_of(content: Any) -> bytes | bytearray:
    """The bytes of an array, which Python 2 kept in a text."""
    if isinstance(content, bytes | bytearray):
        return content
    if isinstance(content, str):
        try:
            return content.encode("latin-1")
        except UnicodeEncodeError:
            pass
    raise Unknown("Its content is not given as bytes.")


def _from_bytes(dtype: np.dtype[Any], count: int, content: bytes | bytearray) -> Array:
    import numpy as np

    check(len(content) == count * dtype.itemsize, "It has not as many bytes as its shape needs.")
    if not content:
        return np.zeros(count, dtype)
    made = np.frombuffer(content if isinstance(content, bytearray) else bytearray(content), dtype)
    _clean(made)
    return made


def _clean(array: Array) -> None:
    """Make every element of an array one that numpy itself could have put there, or refuse the array."""
    import numpy as np

    if array.dtype.names is not None:
        for name in array.dtype.names:
            _clean(array[name])
    elif array.dtype.kind == "b":
        octets = array.view(np.uint8)
        np.minimum(octets, 1, out=octets)
    elif array.dtype.kind == "U" and array.size and array.dtype.itemsize:
        points = np.ascontiguousarray(array).view(np.dtype(np.uint32).newbyteorder(array.dtype.byteorder))
        check(points.max() <= LAST_CHARACTER, "Its texts hold numbers that are no characters.")


@makes("numpy.ma.core:_mareconstruct")
def make_masked_array(parts: Parts) -> Any:
    import numpy as np

    match parts.state:
        case (int(), shape, np.dtype() as dtype, bool() | int() as is_fortran, content, mask, fill):
            order = "F" if is_fortran else "C"
            masks = array_of(np.ma.make_mask_descr(dtype), shape, mask, order, parts.limits)
            made = np.ma.array(array_of(dtype, shape, content, order, parts.limits), mask=masks)
            made.fill_value = _fill_value(fill, dtype)
            return made
    raise Unknown("Its content is not given as a masked array's.")


def _fill_value(fill: Any, dtype: np.dtype[Any]) -> Any:
    """What stands for masked elements."""
    import numpy as np

    if fill is None:
        return None
    fits = isinstance(fill, np.ndarray) and fill.dtype == dtype and fill.size == 1
    check(fits, "Its fill value is of another dtype.")
    return fill.reshape(())[()]


def is_array(value: Any, kinds: str) -> bool:
    """Whether a value is an array of one of these kinds of dtype."""
    import numpy as np

    return isinstance(value, np.ndarray) and value.dtype.kind in kinds and not isinstance(value, Node)
