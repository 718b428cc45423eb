"""The table of names that are known here, each with the function of ours that makes its value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from qtui.pickles.limits import Limits
from qtui.pickles.node import Node

Maker: TypeAlias = Callable[["Parts"], Any]
Path: TypeAlias = tuple[str, str]

MAKERS: dict[Path, Maker] = {}
"""What makes the value of a call of this name in this module."""
SHELLS: dict[Path, Callable[[], Any]] = {}
"""For names whose values may hold themselves: what makes an empty one, to be filled later."""
PIECES: set[Path] = set()
"""Names whose calls stay nodes, of which other makers make their values."""
CONSTANTS: dict[Path, Callable[[], Any]] = {}
"""Names that are values by themselves."""
PYTHON2 = {"__builtin__": "builtins", "copy_reg": "copyreg"}
"""Modules that Python 2 named otherwise, and Python 3 still does in its protocols 0 to 2."""

LIGHT = frozenset((str, int, float, bool, bytes, complex, type(None), Node))
"""Types whose values are hashed at once."""
COLLIDING = 64
"""How many keys of a dict may have the same hash."""


class Unknown(Exception):
    """The parts are not such as this name's values are made of; the text says why, for the user."""


@dataclass(frozen=True, slots=True)
class Parts:
    """All that a pickle gives to the making of one object."""

    path: Path
    args: tuple[Any, ...]
    keywords: Any
    states: tuple[Any, ...]
    items: tuple[Any, ...]
    pairs: tuple[tuple[Any, Any], ...]
    limits: Limits
    shell: Any = None
    """An empty value that others refer to already, and that has to be filled."""

    @property
    def state(self) -> Any:
        """The one state that was given, or nothing."""
        if len(self.states) > 1:
            raise Unknown("It is given a state more than once.")
        return self.states[0] if self.states else None

    def check_only_args(self) -> None:
        """Make sure that nothing was given but arguments."""
        if self.keywords or self.states or self.items or self.pairs:
            raise Unknown("It is given more than arguments.")

    def check_keys(self, keys: Sequence[Any]) -> None:
        """Make sure that a dict or a set can hold these keys without hashing for ever."""
        for key in keys:
            check(type(key) in LIGHT or _is_flat(key), "A key of it is made of too much to be hashed here.")
        codes = Counter(map(hash, keys)) if len(keys) > COLLIDING else {}
        check(max(codes.values(), default=0) <= COLLIDING, "Too many of its keys have the same hash.")


def _is_flat(key: Any) -> bool:
    """Whether a key is hashed in no time: an object of ours, or a short tuple of simple values."""
    if isinstance(key, tuple | frozenset):
        return len(key) <= COLLIDING and not any(isinstance(each, tuple | frozenset | slice) for each in key)
    return type(key).__hash__ is not None and not isinstance(key, slice)


def makes(*paths: str) -> Callable[[Maker], Maker]:
    """Register the maker of these names, `module:name` each."""

    def register(maker: Maker) -> Maker:
        for path in paths:
            module, _, inner = path.partition(":")
            MAKERS[module, inner] = maker
        return maker

    return register


def piece(value: Any, *paths: str) -> Node:
    """A node that one of these names stands on, as a part of something else."""
    if not isinstance(value, Node) or value.args is None:
        raise Unknown("A part of it is not what it should be.")
    check(f"{value.module}:{value.name}" in paths, "A part of it is not what it should be.")
    return value


def named(modules: dict[str, str]) -> dict[Path, str]:
    """What a class is called here, by module and name; a class has its own module, and `pandas` since pandas 3."""
    places = ((module, name) for name, listed in modules.items() for module in listed.split())
    return {place: place[1] for place in places}


def path_of(symbol: Any) -> Path:
    """The module and the name of a bare name, with Python 2's names of modules made those of Python 3."""
    if not isinstance(symbol, Node) or symbol.args is not None:
        raise Unknown("It is not called by a name.")
    return PYTHON2.get(symbol.module, symbol.module), symbol.name


def check(condition: object, reason: str) -> None:
    """Make sure of something without which the value cannot be made."""
    if not condition:
        raise Unknown(reason)
