"""Build the containers of `collections`."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from typing import Any

from qtui.pickles.values.registry import EMPTY_VALUES, ObjectParts, Unsupported, check, factory, path_of

DEFAULT_FACTORIES = {cls.__name__: cls for cls in (list, dict, set, int, float, str, bool, tuple)}
"""Accepted default factories of a defaultdict; any other is dropped."""

EMPTY_VALUES["collections", "OrderedDict"] = OrderedDict
EMPTY_VALUES["collections", "defaultdict"] = defaultdict
EMPTY_VALUES["collections", "deque"] = deque


@factory("collections:OrderedDict")
def make_ordered_dict(parts: ObjectParts) -> OrderedDict[Any, Any]:
    check(not parts.items and not parts.states, "It has more than key-value pairs.")
    value: OrderedDict[Any, Any] = OrderedDict() if parts.empty is None else parts.empty
    _put_pairs(value, parts)
    for pair in _old_pairs(parts.args):
        value[pair[0]] = pair[1]
    return value


def _old_pairs(args: tuple[Any, ...]) -> list[Any]:
    """Return the pairs as written by Python 2, in a list of lists."""
    if not args:
        return []
    check(len(args) == 1 and isinstance(args[0], list), "Its pairs are not in a list.")
    pairs: list[Any] = args[0]
    check(
        all(isinstance(pair, list | tuple) and len(pair) == 2 and type(pair[0]) in (str, int) for pair in pairs),
        "Its pairs are invalid.",
    )
    return pairs


@factory("collections:defaultdict")
def make_default_dict(parts: ObjectParts) -> defaultdict[Any, Any]:
    check(not parts.items and not parts.states and len(parts.args) <= 1, "It has more than key-value pairs.")
    value: defaultdict[Any, Any] = defaultdict() if parts.empty is None else parts.empty
    if parts.args and parts.args[0] is not None:
        module, name = path_of(parts.args[0])
        value.default_factory = DEFAULT_FACTORIES.get(name) if module == "builtins" else None
    _put_pairs(value, parts)
    return value


@factory("collections:Counter")
def make_counter(parts: ObjectParts) -> Counter[Any]:
    parts.check_only_args()
    check(len(parts.args) == 1 and type(parts.args[0]) is dict, "Its counts are not in a dict.")
    value: Counter[Any] = Counter()
    dict.update(value, parts.args[0])
    return value


@factory("collections:deque")
def make_deque(parts: ObjectParts) -> deque[Any]:
    check(not parts.pairs and not parts.states and len(parts.args) <= 2, "It has more than items.")
    start: Any = parts.args[0] if parts.args else ()
    maxlen: Any = parts.args[1] if len(parts.args) > 1 else None
    check(isinstance(start, list | tuple), "Its items are not in a list.")
    check(maxlen is None or (type(maxlen) is int and maxlen >= 0), "Its maxlen is not a number.")
    if parts.empty is not None:
        parts.empty.extend((*start, *parts.items))
        value: deque[Any] = parts.empty
        return value
    try:
        return deque((*start, *parts.items), maxlen)
    except OverflowError:
        raise Unsupported("Its maxlen is too large.") from None


def _put_pairs(target: dict[Any, Any], parts: ObjectParts) -> None:
    parts.check_keys([key for key, _ in parts.pairs])
    target.update(parts.pairs)
