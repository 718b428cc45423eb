"""Objects with configurable pickled attributes, like Qlib's Serializable."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Collection, Iterator
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, ClassVar, Self

from qtui.errors import ConfigError, MissingExtra, UnknownOption, WrongClass

PROTOCOL = 4
"""The pickle protocol that Qlib writes."""

BACKENDS = ("pickle", "dill")
OPTIONS = ("dump_all", "exclude", "include")


class Serializable:
    """A base class that pickles the public attributes of an object, or those selected by `config`.

    The first matching rule decides: `include` keeps an attribute, `exclude` drops it, a name without leading underscore
    is kept, any other is kept if `dump_all` is set.

    >>> class Model(Serializable):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.weights, self._scratch = [1, 2], "big"
    >>> sorted(Model().__getstate__())
    ['weights']
    >>> model = Model()
    >>> model.config(include=["_scratch"])
    >>> sorted(model.__getstate__())
    ['_scratch', 'weights']
    """

    pickle_backend: ClassVar[str] = "pickle"
    """The module that pickles it: `pickle`, or `dill`, which supports functions and classes defined in a script."""

    default_dump_all: ClassVar[bool] = False
    config_attr: ClassVar[Collection[str]] = ("_include", "_exclude")
    exclude_attr: ClassVar[Collection[str]] = ()
    include_attr: ClassVar[Collection[str]] = ()

    def __init__(self) -> None:
        self._dump_all = self.default_dump_all
        self._exclude: Collection[str] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if self._is_kept(key)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    @property
    def dump_all(self) -> bool:
        """Whether private attributes are pickled as well."""
        return bool(getattr(self, "_dump_all", False))

    def config(self, recursive: bool = False, **options: Any) -> None:
        """Set `dump_all`, `exclude` or `include`; with `recursive` also for every Serializable among the attributes."""
        for name in options:
            if name not in OPTIONS:
                raise UnknownOption(f"Unknown option {name!r}: use {', '.join(OPTIONS)}.")
        for item in _nested(self) if recursive else [self]:
            item.__dict__.update({f"_{name}": value for name, value in options.items()})

    def to_pickle(self, path: Path | str, **options: Any) -> None:
        """Write the object to a file, atomically; the options are those of `config`."""
        self.config(**options)
        _write(path, lambda file: self.get_backend().dump(self, file, protocol=PROTOCOL))

    @classmethod
    def load(cls, filepath: Path | str) -> Self:
        """Load an object from a trusted file: unpickling runs any code that the file contains."""
        with open(filepath, "rb") as file:
            loaded = cls.get_backend().load(file)
        if not isinstance(loaded, cls):
            raise WrongClass(f"{filepath} contains a {type(loaded).__name__}, not a {cls.__name__}.")
        return loaded

    @classmethod
    def get_backend(cls) -> Any:
        """Return the module that pickles it."""
        if cls.pickle_backend not in BACKENDS:
            raise ConfigError(f"pickle_backend is {cls.pickle_backend!r}, but must be 'pickle' or 'dill'.")
        try:
            return import_module(cls.pickle_backend)
        except ImportError:
            raise MissingExtra(f"Pickling {cls.__name__} requires dill: pip install 'qtui[dill]'") from None

    @staticmethod
    def general_dump(obj: object, path: Path | str) -> None:
        """Write any object to a file, a Serializable by its `to_pickle`."""
        if isinstance(obj, Serializable):
            obj.to_pickle(path)
        else:
            _write(path, lambda file: pickle.dump(obj, file, protocol=PROTOCOL))

    def _is_kept(self, key: str) -> bool:
        if key in self.config_attr:
            return False
        if key in self._get_attr_list("include"):
            return True
        if key in self._get_attr_list("exclude"):
            return False
        return self.dump_all or not key.startswith("_")

    def _get_attr_list(self, attr_type: str) -> Collection[str]:
        """Return the attributes to `include` or `exclude`: those of the object, else those of its class."""
        names: Collection[str] | None = getattr(self, f"_{attr_type}", None)
        return getattr(self, f"{attr_type}_attr") or () if names is None else names


def _nested(start: Serializable) -> Iterator[Serializable]:
    """Yield an object and every Serializable in its attributes, recursively and once."""
    seen: dict[int, Serializable] = {}
    waiting = [start]
    while waiting:
        item = waiting.pop()
        if id(item) not in seen:
            seen[id(item)] = item
            waiting += [value for value in item.__dict__.values() if isinstance(value, Serializable)]
    yield from seen.values()


def _write(path: Path | str, dump: Callable[[IO[bytes]], object]) -> None:
    """Write a file atomically; nothing remains if writing fails."""
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            dump(file)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
