"""The registry of supported names and the functions that build their values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from qtui.pickles.limits import PickleLimits
from qtui.pickles.node import Node
from qtui.value_classes import dataclass

Factory: TypeAlias = Callable[["ObjectParts"], Any]
Path: TypeAlias = tuple[str, str]

FACTORIES: dict[Path, Factory] = {}
"""Factories by module and name."""
EMPTY_VALUES: dict[Path, Callable[[], Any]] = {}
"""Constructors of empty values, for classes whose instances may contain themselves."""
PART_NAMES: set[Path] = set()
"""Names whose calls stay nodes, because factories of other names use them as parts."""
CONSTANTS: dict[Path, Callable[[], Any]] = {}
"""Global names that stand for constants."""
PYTHON2 = {"__builtin__": "builtins", "copy_reg": "copyreg"}
"""Module names of Python 2, which Python 3 still writes in protocols 0 to 2."""

CHEAP_TYPES = frozenset((str, int, float, bool, bytes, complex, type(None), Node))
"""Types that are hashed in constant or linear time."""
MAX_COLLISIONS = 64
"""Keys of a dict or set with the same hash."""


class Unsupported(Exception):
    """The parts are not valid for the class; the message tells the user why, with "its" for the object."""


@dataclass(frozen=True, slots=True)
class ObjectParts:
    """The inputs for building one object."""

    path: Path
    args: tuple[Any, ...]
    keywords: Any
    states: tuple[Any, ...]
    items: tuple[Any, ...]
    pairs: tuple[tuple[Any, Any], ...]
    limits: PickleLimits
    empty: Any = None
    """An empty value to fill, if other values already refer to it."""

    @property
    def state(self) -> Any:
        """Return the state, or None."""
        if len(self.states) > 1:
            raise Unsupported("It has more than one state.")
        return self.states[0] if self.states else None

    def check_only_args(self) -> None:
        """Raise Unsupported unless there are positional arguments only."""
        if self.keywords or self.states or self.items or self.pairs:
            raise Unsupported("It has more than positional arguments.")

    def check_keys(self, keys: Sequence[Any]) -> None:
        """Raise Unsupported if hashing these keys could take unbounded time."""
        for key in keys:
            check(type(key) in CHEAP_TYPES or _is_flat(key), "A key is too complex to be hashed.")
        codes = Counter(map(hash, keys)) if len(keys) > MAX_COLLISIONS else {}
        check(max(codes.values(), default=0) <= MAX_COLLISIONS, "Too many keys have the same hash.")


def _is_flat(key: Any) -> bool:
    """Return whether a key is cheap to hash: a supported object or a short tuple of simple values."""
    if isinstance(key, tuple | frozenset):
        return len(key) <= MAX_COLLISIONS and not any(isinstance(item, tuple | frozenset | slice) for item in key)
    return type(key).__hash__ is not None and not isinstance(key, slice)


def factory(*paths: str) -> Callable[[Factory], Factory]:
    """Register a factory for names of the form `module:name`."""

    def register(function: Factory) -> Factory:
        for path in paths:
            module, _, name = path.partition(":")
            FACTORIES[module, name] = function
        return function

    return register


def require_node(value: Any, *paths: str) -> Node:
    """Return the value as a node of a call of one of these names; raise Unsupported otherwise."""
    if not isinstance(value, Node) or value.args is None:
        raise Unsupported("A part has an unexpected type.")
    check(f"{value.module}:{value.name}" in paths, "A part has an unexpected type.")
    return value


def class_paths(modules: dict[str, str]) -> dict[Path, str]:
    """Return class names by (module, name) for classes listed with their modules, separated by spaces."""
    return {(module, name): name for name, listed in modules.items() for module in listed.split()}


def path_of(symbol: Any) -> Path:
    """Return module and name of a global name, with Python 2's modules renamed to Python 3's."""
    if not isinstance(symbol, Node) or symbol.args is not None:
        raise Unsupported("It is not created by calling a global name.")
    return PYTHON2.get(symbol.module, symbol.module), symbol.name


def check(condition: object, reason: str) -> None:
    """Raise Unsupported with the reason unless the condition holds."""
    if not condition:
        raise Unsupported(reason)
