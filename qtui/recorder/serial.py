"""Objects that choose which of their attributes are pickled: Qlib's Serializable."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Collection, Iterator
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, ClassVar, Self

from qtui.errors import ConfigError, MissingExtra, UnknownOption, WrongClass

PROTOCOL = 4
"""The protocol of pickle that Qlib writes."""

BACKENDS = ("pickle", "dill")
OPTIONS = ("dump_all", "exclude", "include")


class Serializable:
    """Pickles its public attributes, more or fewer when it is configured so.

    The first rule that knows an attribute decides: `include` keeps it, `exclude` drops it, a name without a leading
    underscore is kept, any other is kept when `dump_all` is set.

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
    """What pickles it: `pickle`, or `dill`, which also takes functions and classes that are defined in a script."""

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
        """Whether private attributes are kept, too."""
        return bool(getattr(self, "_dump_all", False))

    def config(self, recursive: bool = False, **options: Any) -> None:
        """Set `dump_all`, `exclude` or `include`; with `recursive` in every Serializable that it holds, too."""
        for name in options:
            if name not in OPTIONS:
                raise UnknownOption(f"There is no option {name!r} of what is pickled, only {', '.join(OPTIONS)}.")
        for each in _reached(self) if recursive else [self]:
            each.__dict__.update({f"_{name}": value for name, value in options.items()})

    def to_pickle(self, path: Path | str, **options: Any) -> None:
        """Write it to a file, which appears whole or not at all; options as in `config`."""
        self.config(**options)
        _write(path, lambda file: self.get_backend().dump(self, file, protocol=PROTOCOL))

    @classmethod
    def load(cls, filepath: Path | str) -> Self:
        """Read one back from a file that you trust: unpickling runs what the file says."""
        with open(filepath, "rb") as file:
            found = cls.get_backend().load(file)
        if not isinstance(found, cls):
            raise WrongClass(f"{filepath} holds a {type(found).__name__}, not a {cls.__name__}.")
        return found

    @classmethod
    def get_backend(cls) -> Any:
        """The module that pickles it."""
        if cls.pickle_backend not in BACKENDS:
            raise ConfigError(f"pickle_backend is {cls.pickle_backend!r}, but must be 'pickle' or 'dill'.")
        try:
            return import_module(cls.pickle_backend)
        except ImportError:
            raise MissingExtra(f"{cls.__name__} is pickled with dill: pip install 'qtui[dill]'") from None

    @staticmethod
    def general_dump(obj: object, path: Path | str) -> None:
        """Write any object to a file, a Serializable in its own way."""
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
        """The attributes to `include` or `exclude`: those the object was told, else those of its class."""
        told: Collection[str] | None = getattr(self, f"_{attr_type}", None)
        return getattr(self, f"{attr_type}_attr") or () if told is None else told


def _reached(start: Serializable) -> Iterator[Serializable]:
    """An object and all that it holds, in attributes of attributes, each once."""
    seen: dict[int, Serializable] = {}
    waiting = [start]
    while waiting:
        each = waiting.pop()
        if id(each) not in seen:
            seen[id(each)] = each
            waiting += [value for value in each.__dict__.values() if isinstance(value, Serializable)]
    yield from seen.values()


def _write(path: Path | str, dump: Callable[[IO[bytes]], object]) -> None:
    """Let a file appear at once; none is left behind when it cannot be written."""
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        with unfinished.open("xb") as file:
            dump(file)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
