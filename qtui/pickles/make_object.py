"""Build one object from its parts: a value if its class is supported and the parts are valid, otherwise a node."""

from __future__ import annotations

from typing import Any

from qtui.pickles import wire
from qtui.pickles.limits import PickleLimits
from qtui.pickles.node import Node
from qtui.pickles.values import factories
from qtui.pickles.values.registry import PART_NAMES, ObjectParts, Path, Unsupported, path_of

RECONSTRUCT = ("copyreg", "_reconstructor")
NEW = {("copyreg", "__newobj__"), ("copyreg", "__newobj_ex__")}
OBJECT = ("builtins", "object")


def make(parts: list[Any], empty: Any, limits: PickleLimits, kind: int) -> Any:
    """Return the value or node of an object with the parts function, arguments, keywords, states, items, pairs."""
    function, args, keywords, *contents = parts
    states, items, flat = (tuple(content) if isinstance(content, list) else () for content in contents)
    pairs = tuple(zip(flat[::2], flat[1::2], strict=False))
    if not isinstance(args, tuple):
        args = (args,)
    if kind == wire.CHANGE:
        return Node("", "changed", (function,), state=_single(states), reason="Unpickling would modify it.")
    try:
        function, args, keywords = normalize_call(function, args, keywords)
        spec = ObjectParts(path_of(function), args, keywords, states, items, pairs, limits, empty)
        if isinstance(empty, Node):
            raise Unsupported("It refers to itself." if spec.path in factories() else "")
        if spec.path not in PART_NAMES:
            return factory_of(spec.path)(spec)
        reason = ""
    except Unsupported as unknown:
        reason = str(unknown)
    except Exception as error:
        # numpy and pandas can raise anything for forged parts, which can still be shown as a node.
        reason = f"It cannot be built: {type(error).__name__}."
    if isinstance(function, Node) and function.args is None:
        return Node(function.module, function.name, args, keywords, _single(states), items, pairs, reason)
    return Node("", "call", (function, *args), keywords, _single(states), items, pairs, reason)


def factory_of(path: Path) -> Any:
    """Return the factory registered for a name; raise Unsupported if there is none."""
    maker = factories().get(path)
    if maker is None:
        raise Unsupported("")
    return maker


def normalize_call(function: Any, args: tuple[Any, ...], keywords: Any) -> tuple[Any, tuple[Any, ...], Any]:
    """Rewrite a call of a `copyreg` helper to a call of the class it constructs."""
    path = path_of(function)
    if path == RECONSTRUCT and len(args) == 3:
        return args[0], () if path_of(args[1]) == OBJECT else args[2:], keywords
    if path in NEW and args:
        if path[1].endswith("ex__") and len(args) == 3 and isinstance(args[1], tuple):
            return args[0], args[1], args[2]
        return args[0], args[1:], keywords
    return function, args, keywords


def _single(states: tuple[Any, ...]) -> Any:
    """Return the only state, or all of them."""
    return states[0] if len(states) == 1 else states or None
