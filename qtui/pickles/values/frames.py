"""Build pandas series and frames from blocks that match their axes."""

from __future__ import annotations

from itertools import chain
from typing import Any, NamedTuple

from qtui.pickles.values.arrays import is_array
from qtui.pickles.values.extensions import Rows
from qtui.pickles.values.registry import PART_NAMES, ObjectParts, Unsupported, check, factory, require_node

MANAGERS = "pandas.core.internals.managers"
BLOCK = ("pandas._libs.internals", "_unpickle_block")
PART_NAMES.update((BLOCK, (MANAGERS, "BlockManager"), (MANAGERS, "SingleBlockManager")))
CONTENT = "Its blocks are not in pandas' format."
ARRAY_KINDS = "biufcmMOSUV"


class Block(NamedTuple):
    """Columns of one dtype: their values and their positions."""

    values: Any
    places: Any


@factory("pandas:Series", "pandas.core.series:Series")
def make_series(parts: ObjectParts) -> Any:
    import pandas as pd

    state = _state(parts)
    axes, blocks = _axes_and_blocks(state, "SingleBlockManager", parts.limits.cells)
    name = state.get("_name", state.get("name"))
    parts.check_keys([name])
    check(len(axes) == 1 and len(blocks) == 1, "A series must have one axis and one block.")
    (index,), (block,) = axes, blocks
    column = _columns(block.values, 1, len(index))[0]
    series = pd.Series(column, dtype=column.dtype, name=name, copy=False)
    series.index = index
    return _with_attrs(series, state)


@factory("pandas:DataFrame", "pandas.core.frame:DataFrame")
def make_frame(parts: ObjectParts) -> Any:
    state = _state(parts)
    axes, blocks = _axes_and_blocks(state, "BlockManager", parts.limits.cells)
    check(len(axes) == 2, "A frame must have two axes.")
    columns, index = axes
    places = [_places(block.places, len(columns)) for block in blocks]
    check(sorted(chain.from_iterable(places)) == list(range(len(columns))), "Its blocks do not match its columns.")
    frame = _frame(blocks, places, len(columns), len(index))
    frame.index, frame.columns = index, columns
    return _with_attrs(frame, state)


def _state(parts: ObjectParts) -> dict[str, Any]:
    """Return the attributes of a series or frame."""
    state = parts.state
    check(isinstance(state, dict) and not parts.args and not parts.items and not parts.pairs, CONTENT)
    attributes: dict[str, Any] = state
    return attributes


def _axes_and_blocks(state: dict[str, Any], name: str, cells: int) -> tuple[list[Any], list[Block]]:
    """Return the axes and blocks of a block manager, from its arguments or its state."""
    import pandas as pd

    manager = require_node(state.get("_mgr", state.get("_data")), f"{MANAGERS}:{name}")
    match (manager.args, manager.state):
        case ((tuple() | list() as nodes, list() as axes), None):
            blocks = [_block(node) for node in nodes]
        case ((), (_, _, _, {"0.14.1": {"axes": list() as axes, "blocks": list() as nodes}})):
            blocks = [_block_of_dict(node) for node in nodes]
        case _:
            raise Unsupported(CONTENT)
    check(all(isinstance(axis, pd.Index) for axis in axes), "Its axes are not indexes.")
    check(all(len(axis) <= cells for axis in axes), "It is too long.")
    return axes, blocks


def _block(value: Any) -> Block:
    args = require_node(value, ":".join(BLOCK)).args or ()
    check(len(args) == 3, CONTENT)
    return Block(args[0], args[1])


def _block_of_dict(block: Any) -> Block:
    check(isinstance(block, dict) and {"values", "mgr_locs"} <= set(block), CONTENT)
    return Block(block["values"], block["mgr_locs"])


def _places(places: Any, width: int) -> list[int]:
    """Return the column positions of a block."""
    if isinstance(places, slice):
        bounds = (places.start, places.stop, places.step)
        check(all(bound is None or type(bound) is int for bound in bounds), CONTENT)
        return list(range(*places.indices(width)))
    check(is_array(places, "i") and places.ndim == 1, CONTENT)
    numbers: list[int] = places.tolist()
    return numbers


def _columns(values: Any, width: int, length: int) -> list[Any]:
    """Return the columns of a block as one-dimensional arrays."""
    import pandas as pd

    if is_array(values, ARRAY_KINDS) and values.ndim == 2:
        check(values.shape == (width, length), "A block does not match its axes.")
        return list(values)
    columns = list(values) if isinstance(values, Rows) else [values]
    array_types = pd.api.extensions.ExtensionArray
    shapes = [column.shape for column in columns if is_array(column, ARRAY_KINDS) or isinstance(column, array_types)]
    check(len(columns) == width and shapes == [(length,)] * width, "A block does not match its axes.")
    return columns


def _frame(blocks: list[Block], places: list[list[int]], width: int, length: int) -> Any:
    """Build a frame with numbered columns: from one block without copying, otherwise column by column."""
    import pandas as pd

    if len(blocks) == 1 and places[0] == list(range(width)) and is_array(blocks[0].values, ARRAY_KINDS):
        values = blocks[0].values
        check(values.shape == (width, length), "A block does not match its axes.")
        return pd.DataFrame(values.T, dtype=values.dtype, copy=False)
    columns: dict[int, Any] = {}
    for block, numbers in zip(blocks, places, strict=True):
        for number, column in zip(numbers, _columns(block.values, len(numbers), length), strict=True):
            columns[number] = pd.Series(column, dtype=column.dtype, copy=False)
    return pd.DataFrame({number: columns[number] for number in range(width)}, index=range(length), copy=False)


def _with_attrs(value: Any, state: dict[str, Any]) -> Any:
    """Return the series or frame with its `attrs` set."""
    attrs = state.get("attrs")
    if isinstance(attrs, dict) and attrs:
        value.attrs = attrs
    return value
