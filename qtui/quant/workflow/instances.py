"""Makes objects from descriptions of them: {class, module_path, kwargs}, "module.Class", or the object itself."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import pickle
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote, urlparse

from qtui.errors import ConfigError, LoadObjectError

Made = Callable[..., Any]

STAND_INS: Mapping[str, str] = {
    "qlib.workflow.record_temp": "qtui.quant.templates",
    "qlib.contrib.strategy": "qtui.quant.backtest",
    "qlib.contrib.strategy.signal_strategy": "qtui.quant.backtest",
    "qlib.backtest.executor": "qtui.quant.backtest",
}
"""Where the classes of Qlib's modules are to be had while Qlib is not installed."""


def init_instance_by_config(
    config: Any,
    default_module: str | ModuleType | None = None,
    accept_types: type[Any] | tuple[type[Any], ...] = (),
    try_kwargs: Mapping[str, Any] | None = None,
    *,
    trusted: bool = False,
    **kwargs: Any,
) -> Any:
    """The object that a config describes, or the config where it is an object of `accept_types` already.

    `try_kwargs` are passed on where the class takes them. A `file://` address of a pickle is opened only if it is
    `trusted`: unpickling runs what the file says.

    >>> init_instance_by_config({"class": "Fraction", "module_path": "fractions", "kwargs": {"numerator": 3}})
    Fraction(3, 1)
    >>> init_instance_by_config("datetime.timedelta", hours=2, try_kwargs={"label": "a"})
    datetime.timedelta(seconds=7200)
    """
    if isinstance(config, accept_types):
        return config
    path = _pickle_path(config)
    if path is not None:
        return _unpickled(path, trusted)
    made, own = get_callable_kwargs(config, default_module)
    given = {**own, **kwargs}
    if len(given) < len(own) + len(kwargs):
        twice = ", ".join(own.keys() & kwargs.keys())
        raise ConfigError(f"The config of {made.__name__} gives {twice} itself, so it cannot be given again.")
    return _made(made, given, try_kwargs or {})


def get_callable_kwargs(config: Any, default_module: str | ModuleType | None = None) -> tuple[Made, dict[str, Any]]:
    """The class or function that a config names, and the keyword arguments that it gives."""
    if isinstance(config, str):
        return _named(config, default_module), {}
    if not isinstance(config, Mapping):
        raise ConfigError(f"A {type(config).__name__} describes no object: a dict with a class or a name would.")
    key = "class" if "class" in config else "func"
    if key not in config:
        raise ConfigError(
            f"A config must name a class or a func; this one has {', '.join(map(str, config)) or 'nothing'}."
        )
    named = config[key]
    found = _named(named, config.get("module_path", default_module)) if isinstance(named, str) else named
    return found, dict(config.get("kwargs") or {})


def get_module_by_module_path(module_path: str | ModuleType | None) -> ModuleType:
    """A module by its name or by the path of its file; qtui's own in the place of Qlib's while there is no Qlib."""
    if isinstance(module_path, ModuleType):
        return module_path
    if not module_path:
        raise ConfigError("The config names a class without its module: module_path is missing.")
    if module_path.endswith(".py"):
        return _module_of_file(module_path)
    if module_path in STAND_INS and not qlib_installed():
        module_path = STAND_INS[module_path]
    try:
        return importlib.import_module(module_path)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_path}.".startswith(f"{error.name}."):
            raise
        hint = ": pip install pyqlib" if error.name == "qlib" else ""
        raise ConfigError(f"There is no module {module_path}; {error.name} is not installed{hint}.") from None


def standing_in(config: Any) -> Any:
    """The same config with qtui's module in the place of Qlib's, whether Qlib is installed or not."""
    if isinstance(config, str):
        path, _, name = config.rpartition(".")
        return f"{STAND_INS[path]}.{name}" if path in STAND_INS else config
    if not isinstance(config, Mapping):
        return config
    own = dict(config)
    if isinstance(config.get("class"), str):
        own["class"] = standing_in(config["class"])
    if config.get("module_path") in STAND_INS:
        own["module_path"] = STAND_INS[config["module_path"]]
    return own


def qlib_installed() -> bool:
    """Whether Qlib could be imported."""
    return "qlib" in sys.modules or importlib.util.find_spec("qlib") is not None


def _named(name: str, module: str | ModuleType | None) -> Made:
    """The class of a name, in the module that stands before it or else in the one that is given."""
    path, _, last = name.rpartition(".")
    found = get_module_by_module_path(path or module)
    try:
        made: Made = getattr(found, last)
    except AttributeError:
        raise ConfigError(f"The module {found.__name__} has no {last!r}.") from None
    return made


def _made(made: Made, given: Mapping[str, Any], offered: Mapping[str, Any]) -> Any:
    """Call it with what it takes of what is offered, beside what is given."""
    parameters = _parameters(made)
    known = {name: value for name, value in offered.items() if name in parameters and name not in given}
    if not any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values()):
        return made(**given, **known)
    try:
        return made(**{**offered, **given})
    except TypeError:
        return made(**given, **known)


def _parameters(made: Made) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(made).parameters
    except ValueError:
        return {}


def _module_of_file(path: str) -> ModuleType:
    """A module from its file, under a name that is made of the path, as Qlib names it."""
    name = re.sub(r"^[^a-zA-Z_]+", "", re.sub(r"\W", "", path.removesuffix(".py").replace("/", "_"), flags=re.ASCII))
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not Path(path).is_file():
        raise ConfigError(f"There is no module {path}.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _pickle_path(config: Any) -> Path | None:
    """The file that a config points to, if it is a path or a file:// address."""
    if isinstance(config, Path):
        return config
    if not isinstance(config, str) or not config.startswith("file://"):
        return None
    address = urlparse(config)
    return Path(unquote(address.path)) if not address.netloc else Path(address.netloc + unquote(address.path))


def _unpickled(path: Path, trusted: bool) -> Any:
    if not trusted:
        raise ConfigError(
            f"{path} is a pickle, which can run any program when it is opened; say trusted=True to do so."
        )
    try:
        with path.open("rb") as file:
            return pickle.load(file)
    except Exception as error:
        raise LoadObjectError(f"{path} cannot be loaded: {error}") from error
