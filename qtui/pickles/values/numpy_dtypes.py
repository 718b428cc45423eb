"""Build numpy dtypes from kind, size and fields; flags and alignment are ignored."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from qtui.pickles.node import Node
from qtui.pickles.values.registry import ObjectParts, Unsupported, check, factory, path_of

if TYPE_CHECKING:
    import numpy as np

    Dtype = np.dtype[Any]

CODE = re.compile(r"([biufc])(\d{1,2})|([SUV])(\d{1,8})|(O)8?|([Mm])8", re.ASCII)
UNIT = re.compile(r"Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as|generic", re.ASCII)
ORDERS = ("<", ">", "=", "|")
MAX_ITEM_BYTES = 1 << 24
"""Size of one element."""
RECORD = ("numpy", "record")
OPAQUE = "Its dtype is not supported."


@factory("numpy:dtype")
def make_dtype(parts: ObjectParts) -> Dtype:
    check(parts.args and not parts.items and not parts.pairs, OPAQUE)
    state: Any = parts.state or (3, "=", None, None, None, -1, -1, 0)
    check(isinstance(state, tuple) and 8 <= len(state) <= 9, OPAQUE)
    order, base, names, fields, size = state[1:6]
    if base is not None:
        return _subarray(base)
    code = parts.args[0]
    if names is not None:
        return _structure(names, fields, size, isinstance(code, Node) and path_of(code) == RECORD)
    return _simple(code, order, state[8] if len(state) == 9 else None)


def _simple(code: Any, order: Any, metadata: Any) -> Dtype:
    """Build a scalar dtype."""
    import numpy as np

    if isinstance(code, bytes):
        code = code.decode("latin-1")
    if not isinstance(code, str) or order not in ORDERS or not (match := CODE.fullmatch(code)):
        raise Unsupported(OPAQUE)
    check(int(match[4] or 0) <= MAX_ITEM_BYTES, "Its elements are too large.")
    try:
        dtype = np.dtype(code + _unit(metadata) if match[6] else code)
    except TypeError:
        raise Unsupported(OPAQUE) from None
    return dtype.newbyteorder("=" if order == "|" else order)


def _unit(metadata: Any) -> str:
    """Return the unit of a time in brackets, such as [25s]."""
    match metadata:
        case (_, (str() | bytes() as unit, int() as count, 1, 1)) if 0 < count < 1 << 31:
            name = unit.decode("latin-1") if isinstance(unit, bytes) else unit
            if UNIT.fullmatch(name):
                return "" if name == "generic" else f"[{count}{name}]"
    raise Unsupported("Its time unit is not supported.")


def _structure(names: Any, fields: Any, size: Any, is_record: bool) -> Dtype:
    """Build a structured dtype whose fields lie within the element."""
    import numpy as np

    check(isinstance(names, tuple) and isinstance(fields, dict), OPAQUE)
    check(type(size) is int and 0 <= size <= MAX_ITEM_BYTES, OPAQUE)
    check(all(isinstance(name, str) for name in names) and len(set(names)) == len(names) == len(fields), OPAQUE)
    formats, offsets = [], []
    for name in names:
        match fields.get(name):
            case (np.dtype() as dtype, int() as offset) if not dtype.hasobject and 0 <= offset <= size - dtype.itemsize:
                formats.append(dtype)
                offsets.append(offset)
            case _:
                raise Unsupported("A field of its dtype exceeds the element or holds objects.")
    layout: Any = {"names": list(names), "formats": formats, "offsets": offsets, "itemsize": size}
    dtype = np.dtype(layout)
    return np.dtype((np.record, dtype)) if is_record else dtype


def _subarray(base: Any) -> Dtype:
    """Build a subarray dtype."""
    import numpy as np

    match base:
        case (np.dtype() as dtype, tuple() as shape) if not dtype.hasobject:
            check(all(type(length) is int and length >= 0 for length in shape) and len(shape) <= 16, OPAQUE)
            check(math.prod(shape) * max(1, dtype.itemsize) <= MAX_ITEM_BYTES, "Its elements are too large.")
            return np.dtype((dtype, shape))
    raise Unsupported(OPAQUE)
