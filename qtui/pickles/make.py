"""Makes one object from its parts: by the table where its name is known and its parts fit, else as a node."""

from __future__ import annotations

from typing import Any

from qtui.pickles import wire
from qtui.pickles.limits import Limits
from qtui.pickles.node import Node
from qtui.pickles.values import makers
from qtui.pickles.values.table import PIECES, Parts, Path, Unknown, path_of

RECONSTRUCT = ("copyreg", "_reconstructor")
NEW = {("copyreg", "__newobj__"), ("copyreg", "__newobj_ex__")}
OBJECT = ("builtins", "object")


def make(parts: list[Any], shell: Any, limits: Limits, kind: int) -> Any:
    """The value of an object with these parts: function, arguments, keywords, states, items, pairs."""
    function, args, keywords, *given = parts
    states, items, flat = (tuple(each) if isinstance(each, list) else () for each in given)
    pairs = tuple(zip(flat[::2], flat[1::2], strict=False))
    if not isinstance(args, tuple):
        args = (args,)
    if kind == wire.CHANGE:
        return Node("", "changed", (function,), state=_single(states), reason="Unpickling would change it.")
    try:
        function, args, keywords = plain(function, args, keywords)
        made = Parts(path_of(function), args, keywords, states, items, pairs, limits, shell)
        if isinstance(shell, Node):
            raise Unknown("It refers to itself." if made.path in makers() else "")
        if made.path not in PIECES:
            return maker_of(made.path)(made)
        reason = ""
    except Unknown as unknown:
        reason = str(unknown)
    except Exception as error:
        # Whatever else numpy and pandas find wrong with parts that were made up, they are parts that can be shown.
        reason = f"It cannot be made: {type(error).__name__}."
    if isinstance(function, Node) and function.args is None:
        return Node(function.module, function.name, args, keywords, _single(states), items, pairs, reason)
    return Node("", "call", (function, *args), keywords, _single(states), items, pairs, reason)


def maker_of(path: Path) -> Any:
    """What makes the values of this name."""
    maker = makers().get(path)
    if maker is None:
        raise Unknown("")
    return maker


def plain(function: Any, args: tuple[Any, ...], keywords: Any) -> tuple[Any, tuple[Any, ...], Any]:
    """A call of one of the functions that only make an object of a class, as a call of the class."""
    path = path_of(function)
    if path == RECONSTRUCT and len(args) == 3:
        return args[0], () if path_of(args[1]) == OBJECT else args[2:], keywords
    if path in NEW and args:
        if path[1].endswith("ex__") and len(args) == 3 and isinstance(args[1], tuple):
            return args[0], args[1], args[2]
        return args[0], args[1:], keywords
    return function, args, keywords


def _single(states: tuple[Any, ...]) -> Any:
    """The state to show: the only one, or all of them."""
    return states[0] if len(states) == 1 else states or None
