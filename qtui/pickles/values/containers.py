"""Makes the containers of `collections`."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict, deque
from typing import Any

from qtui.pickles.values.table import SHELLS, Parts, Unknown, check, makes, path_of

FACTORIES = {factory.__name__: factory for factory in (list, dict, set, int, float, str, bool, tuple)}
"""What a defaultdict may really make; any other factory is left out."""

SHELLS["collections", "OrderedDict"] = OrderedDict
SHELLS["collections", "defaultdict"] = defaultdict
SHELLS["collections", "deque"] = deque


@makes("collections:OrderedDict")
def make_ordered_dict(parts: Parts) -> OrderedDict[Any, Any]:
    check(not parts.items and not parts.states, "It is given more than pairs.")
    made: OrderedDict[Any, Any] = OrderedDict() if parts.shell is None else parts.shell
    _put_pairs(made, parts)
    for pair in _old_pairs(parts.args):
        made[pair[0]] = pair[1]
    return made


def _old_pairs(args: tuple[Any, ...]) -> list[Any]:
    """The pairs as Python 2 gave them, in a list of lists."""
    if not args:
        return []
    check(len(args) == 1 and isinstance(args[0], list), "Its pairs are not in a list.")
    pairs: list[Any] = args[0]
    check(
        all(isinstance(pair, list | tuple) and len(pair) == 2 and type(pair[0]) in (str, int) for pair in pairs),
        "Its pairs are no pairs.",
    )
    return pairs


@makes("collections:defaultdict")
def make_default_dict(parts: Parts) -> defaultdict[Any, Any]:
    check(not parts.items and not parts.states and len(parts.args) <= 1, "It is given more than pairs.")
    made: defaultdict[Any, Any] = defaultdict() if parts.shell is None else parts.shell
    if parts.args and parts.args[0] is not None:
        module, name = path_of(parts.args[0])
        made.default_factory = FACTORIES.get(name) if module == "builtins" else None
    _put_pairs(made, parts)
    return made


@makes("collections:Counter")
def make_counter(parts: Parts) -> Counter[Any]:
    parts.check_only_args()
    check(len(parts.args) == 1 and type(parts.args[0]) is dict, "Its counts are not in a dict.")
    made: Counter[Any] = Counter()
    dict.update(made, parts.args[0])
    return made


@makes("collections:deque")
def make_deque(parts: Parts) -> deque[Any]:
    check(not parts.pairs and not parts.states and len(parts.args) <= 2, "It is given more than items.")
    start: Any = parts.args[0] if parts.args else ()
    longest: Any = parts.args[1] if len(parts.args) > 1 else None
    check(isinstance(start, list | tuple), "Its items are not in a list.")
    check(longest is None or (type(longest) is int and longest >= 0), "Its greatest length is no number.")
    if parts.shell is not None:
        parts.shell.extend((*start, *parts.items))
        made: deque[Any] = parts.shell
        return made
    try:
        return deque((*start, *parts.items), longest)
    except OverflowError:
        raise Unknown("Its greatest length is too great.") from None


def _put_pairs(target: dict[Any, Any], parts: Parts) -> None:
    parts.check_keys([key for key, _ in parts.pairs])
    target.update(parts.pairs)
