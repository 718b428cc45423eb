"""Create objects from configs: {class, module_path, kwargs}, "module.Class", or the object itself."""

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

Factory = Callable[..., Any]

REPLACEMENTS: Mapping[str, str] = {
    "qlib.workflow.record_temp": "qtui.quant.templates",
    "qlib.contrib.strategy": "qtui.quant.backtest",
    "qlib.contrib.strategy.signal_strategy": "qtui.quant.backtest",
    "qlib.backtest.executor": "qtui.quant.backtest",
}
"""Modules of qtui that replace Qlib's when Qlib is not installed."""


def init_instance_by_config(
    config: Any,
    default_module: str | ModuleType | None = None,
    accept_types: type[Any] | tuple[type[Any], ...] = (),
    try_kwargs: Mapping[str, Any] | None = None,
    *,
    trusted: bool = False,
    **kwargs: Any,
) -> Any:
    """Create the object that a config describes, or return the config if it is an instance of `accept_types`.

    `kwargs` are passed to the class; `try_kwargs` only if its signature accepts them. A path or `file://` URI of a
    pickle is loaded only with `trusted=True`, because unpickling can run any code. Raises ConfigError for an invalid
    config, LoadObjectError for an unreadable pickle.

    >>> init_instance_by_config({"class": "Fraction", "module_path": "fractions", "kwargs": {"numerator": 3}})
    Fraction(3, 1)
    >>> init_instance_by_config("datetime.timedelta", hours=2, try_kwargs={"label": "a"})
    datetime.timedelta(seconds=7200)
    """
    if isinstance(config, accept_types):
        return config
    path = _pickle_path(config)
    if path is not None:
        return _unpickle(path, trusted)
    factory, own_kwargs = get_callable_kwargs(config, default_module)
    duplicates = own_kwargs.keys() & kwargs.keys()
    if duplicates:
        raise ConfigError(f"{', '.join(duplicates)}: given both by the config of {factory.__name__} and as argument.")
    return _call(factory, {**own_kwargs, **kwargs}, try_kwargs or {})


def get_callable_kwargs(config: Any, default_module: str | ModuleType | None = None) -> tuple[Factory, dict[str, Any]]:
    """Return the class or function that a config names, and its keyword arguments."""
    if isinstance(config, str):
        return _import_name(config, default_module), {}
    if not isinstance(config, Mapping):
        raise ConfigError(f"A config must be a name or a mapping with a class, not {type(config).__name__}.")
    key = "class" if "class" in config else "func"
    if key not in config:
        raise ConfigError(
            f"A config must name a class or a func; this one has only {', '.join(map(str, config)) or 'no keys'}."
        )
    factory = config[key]
    if isinstance(factory, str):
        factory = _import_name(factory, config.get("module_path", default_module))
    return factory, dict(config.get("kwargs") or {})


def get_module_by_module_path(module_path: str | ModuleType | None) -> ModuleType:
    """Import a module by name or file path; qtui's replacement for Qlib's if Qlib is not installed."""
    if isinstance(module_path, ModuleType):
        return module_path
    if not module_path:
        raise ConfigError("The config names a class without its module: module_path is missing.")
    if module_path.endswith(".py"):
        return _import_file(module_path)
    if module_path in REPLACEMENTS and not qlib_installed():
        module_path = REPLACEMENTS[module_path]
    try:
        return importlib.import_module(module_path)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_path}.".startswith(f"{error.name}."):
            raise
        hint = ": pip install pyqlib" if error.name == "qlib" else ""
        raise ConfigError(f"There is no module {module_path}; {error.name} is not installed{hint}.") from None


def with_own_modules(config: Any) -> Any:
    """Return a copy of the config with qtui's modules replacing Qlib's, whether or not Qlib is installed."""
    if isinstance(config, str):
        path, _, name = config.rpartition(".")
        return f"{REPLACEMENTS[path]}.{name}" if path in REPLACEMENTS else config
    if not isinstance(config, Mapping):
        return config
    own = dict(config)
    if isinstance(config.get("class"), str):
        own["class"] = with_own_modules(config["class"])
    if config.get("module_path") in REPLACEMENTS:
        own["module_path"] = REPLACEMENTS[config["module_path"]]
    return own


def qlib_installed() -> bool:
    """Return whether Qlib can be imported."""
    return "qlib" in sys.modules or importlib.util.find_spec("qlib") is not None


def _import_name(name: str, module: str | ModuleType | None) -> Factory:
    """Import a class or function by its qualified name, or by its name in `module`."""
    path, _, attribute = name.rpartition(".")
    loaded = get_module_by_module_path(path or module)
    try:
        factory: Factory = getattr(loaded, attribute)
    except AttributeError:
        raise ConfigError(f"The module {loaded.__name__} has no {attribute!r}.") from None
    return factory


def _call(factory: Factory, kwargs: Mapping[str, Any], optional: Mapping[str, Any]) -> Any:
    """Call the factory with `kwargs` and those of the optional arguments that it accepts."""
    parameters = _parameters(factory)
    accepted = {name: value for name, value in optional.items() if name in parameters and name not in kwargs}
    if not any(parameter.kind is inspect.Parameter.VAR_KEYWORD for parameter in parameters.values()):
        return factory(**kwargs, **accepted)
    try:
        return factory(**{**optional, **kwargs})
    except TypeError:
        return factory(**kwargs, **accepted)


def _parameters(factory: Factory) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(factory).parameters
    except ValueError:
        return {}


def _import_file(path: str) -> ModuleType:
    """Import a module from its file, named after the path as in Qlib."""
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
    """Return the file that a config points to, if it is a path or a file:// URI."""
    if isinstance(config, Path):
        return config
    if not isinstance(config, str) or not config.startswith("file://"):
        return None
    address = urlparse(config)
    return Path(unquote(address.path)) if not address.netloc else Path(address.netloc + unquote(address.path))


def _unpickle(path: Path, trusted: bool) -> Any:
    if not trusted:
        raise ConfigError(f"{path} is a pickle, and loading it can run any code; pass trusted=True if you trust it.")
    try:
        with path.open("rb") as file:
            return pickle.load(file)
    except Exception as error:
        raise LoadObjectError(f"{path} cannot be loaded: {error}") from error
