"""Makes pandas' series and frames from blocks that have to fit their axes."""

from __future__ import annotations

from itertools import chain
from typing import Any, NamedTuple

from qtui.pickles.values.arrays import is_array
from qtui.pickles.values.extensions import Rows
from qtui.pickles.values.table import PIECES, Parts, Unknown, check, makes, piece

MANAGERS = "pandas.core.internals.managers"
BLOCK = ("pandas._libs.internals", "_unpickle_block")
PIECES.update((BLOCK, (MANAGERS, "BlockManager"), (MANAGERS, "SingleBlockManager")))
CONTENT = "Its blocks are not given as pandas does it."
ANY = "biufcmMOSUV"


class Block(NamedTuple):
    """Some columns of one dtype: their values, and their numbers among all columns."""

    values: Any
    places: Any


@makes("pandas:Series", "pandas.core.series:Series")
def make_series(parts: Parts) -> Any:
    import pandas as pd

    state = _state(parts)
    axes, blocks = _managed(state, "SingleBlockManager", parts.limits.cells)
    name = state.get("_name", state.get("name"))
    parts.check_keys([name])
    check(len(axes) == 1 and len(blocks) == 1, "It has not one axis and one block.")
    (index,), (block,) = axes, blocks
    column = _columns(block.values, 1, len(index))[0]
    series = pd.Series(column, dtype=column.dtype, name=name, copy=False)
    series.index = index
    return _with_attrs(series, state)


@makes("pandas:DataFrame", "pandas.core.frame:DataFrame")
def make_frame(parts: Parts) -> Any:
    state = _state(parts)
    axes, blocks = _managed(state, "BlockManager", parts.limits.cells)
    check(len(axes) == 2, "It has not two axes.")
    columns, index = axes
    places = [_places(block.places, len(columns)) for block in blocks]
    check(sorted(chain.from_iterable(places)) == list(range(len(columns))), "Its blocks do not fit its columns.")
    frame = _frame(blocks, places, len(columns), len(index))
    frame.index, frame.columns = index, columns
    return _with_attrs(frame, state)


def _state(parts: Parts) -> dict[str, Any]:
    """The attributes of a series or a frame."""
    state = parts.state
    check(isinstance(state, dict) and not parts.args and not parts.items and not parts.pairs, CONTENT)
    attributes: dict[str, Any] = state
    return attributes


def _managed(state: dict[str, Any], name: str, cells: int) -> tuple[list[Any], list[Block]]:
    """The axes and the blocks of a manager, which are given to it or are its state."""
    import pandas as pd

    manager = piece(state.get("_mgr", state.get("_data")), f"{MANAGERS}:{name}")
    match (manager.args, manager.state):
        case ((tuple() | list() as given, list() as axes), None):
            blocks = [_block(each) for each in given]
        case ((), (_, _, _, {"0.14.1": {"axes": list() as axes, "blocks": list() as given}})):
            blocks = [Block(each["values"], each["mgr_locs"]) for each in map(_described, given)]
        case _:
            raise Unknown(CONTENT)
    check(all(isinstance(axis, pd.Index) for axis in axes), "Its axes are no indexes.")
    check(all(len(axis) <= cells for axis in axes), "It is too long.")
    return axes, blocks


def _block(value: Any) -> Block:
    args = piece(value, ":".join(BLOCK)).args or ()
    check(len(args) == 3, CONTENT)
    return Block(args[0], args[1])


def _described(block: Any) -> dict[str, Any]:
    check(isinstance(block, dict) and {"values", "mgr_locs"} <= set(block), CONTENT)
    described: dict[str, Any] = block
    return described


def _places(places: Any, width: int) -> list[int]:
    """The numbers of the columns of a block, each of which there is."""
    if isinstance(places, slice):
        bounds = (places.start, places.stop, places.step)
        check(all(each is None or type(each) is int for each in bounds), CONTENT)
        return list(range(*places.indices(width)))
    check(is_array(places, "i") and places.ndim == 1, CONTENT)
    numbers: list[int] = places.tolist()
    return numbers


def _columns(values: Any, width: int, length: int) -> list[Any]:
    """The columns of a block, each an array of one axis."""
    import pandas as pd

    if is_array(values, ANY) and values.ndim == 2:
        check(values.shape == (width, length), "A block does not fit its axes.")
        return list(values)
    columns = list(values) if isinstance(values, Rows) else [values]
    fitting = (each for each in columns if is_array(each, ANY) or isinstance(each, pd.api.extensions.ExtensionArray))
    shapes = [each.shape for each in fitting]
    check(len(columns) == width and shapes == [(length,)] * width, "A block does not fit its axes.")
    return columns


def _frame(blocks: list[Block], places: list[list[int]], width: int, length: int) -> Any:
    """A frame with numbers for names: of one block as it is, of several column by column."""
    import pandas as pd

    if len(blocks) == 1 and places[0] == list(range(width)) and is_array(blocks[0].values, ANY):
        values = blocks[0].values
        check(values.shape == (width, length), "A block does not fit its axes.")
        return pd.DataFrame(values.T, dtype=values.dtype, copy=False)
    found: dict[int, Any] = {}
    for block, numbers in zip(blocks, places, strict=True):
        for number, column in zip(numbers, _columns(block.values, len(numbers), length), strict=True):
            found[number] = pd.Series(column, dtype=column.dtype, copy=False)
    return pd.DataFrame({number: found[number] for number in range(width)}, index=range(length), copy=False)


def _with_attrs(made: Any, state: dict[str, Any]) -> Any:
    """The series or the frame with what its owner noted beside it."""
    attrs = state.get("attrs")
    if isinstance(attrs, dict) and attrs:
        made.attrs = attrs
    return made
