"""What a user can set: in `$XDG_CONFIG_HOME/qtui/config.toml`, and above it in the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from qtui.errors import SettingsError


@dataclass(frozen=True, slots=True)
class CacheSettings:
    """The cache in `$XDG_CACHE_HOME/qtui`, which makes a store open faster the second time."""

    enabled: bool = True
    """Whether to keep one. `QTUI_NO_CACHE=1` switches it off."""

    limit_mb: int = 256
    """How many megabytes it may fill; what was used least recently goes first. Also `QTUI_CACHE_LIMIT_MB`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, with the values that hold when nothing is."""

    uri: str | None = None
    """The store to open, and to record into, where no other is named or found: neither by `--uri` or the environment
    nor in the working directory."""

    stale_after_minutes: int = 60
    """After how long without a write a run that says RUNNING is taken for dead. Also `QTUI_STALE_AFTER_MINUTES`."""

    columns: tuple[str, ...] = ()
    """The columns of `qtui runs` and of the screen, as `--columns` takes them; none means those that tell most. Also
    `QTUI_COLUMNS`, separated by commas."""

    theme: str | None = None
    """The colours of the screen, by name; `auto` follows the background of the terminal. None means the theme that
    was chosen on the screen last."""

    ascii: bool = False
    """Whether the screen is drawn with ASCII alone."""

    refresh: float | None = None
    """Seconds between two looks of the screen for changes, 0 to look only when asked; none means as often as the
    store bears it."""

    keys: Mapping[str, str] = field(default_factory=dict)
    """The table `[keys]`: other keys for commands of the screen, such as `sort-by = "f5,s"`. The help of the screen
    shows the names."""

    cache: CacheSettings = field(default_factory=CacheSettings)
    """The table `[cache]`."""


@cache
def current() -> Settings:
    """The settings of this process, read once."""
    return load(os.environ)


def load(environ: Mapping[str, str]) -> Settings:
    """The settings of the user's file, with those of the environment above them."""
    path = config_dir(environ) / "config.toml"
    settings = _build(Settings, _read(path), str(path))
    cache = replace(settings.cache, **_given(_CACHE_VARIABLES, environ))
    return replace(settings, **_given(_VARIABLES, environ), cache=cache)


def config_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the user's settings are."""
    return _folder(environ, "XDG_CONFIG_HOME", ".config")


def cache_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Where things are kept that can be made again."""
    return _folder(environ, "XDG_CACHE_HOME", ".cache")


def data_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Where things are kept that the user asked for, such as the sample store."""
    return _folder(environ, "XDG_DATA_HOME", ".local/share")


def state_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Where things are kept that happened, such as reports of crashes."""
    return _folder(environ, "XDG_STATE_HOME", ".local/state")


def make_private(folder: Path) -> Path:
    """Make the folder and what is missing above it, closed to everyone else."""
    for each in reversed([folder, *folder.parents]):
        if not each.exists():
            each.mkdir(mode=0o700, exist_ok=True)
    return folder


def is_private(state: os.stat_result) -> bool:
    """Return whether a file or folder is ours and nobody else may look into it or change it."""
    return state.st_uid == os.geteuid() and not state.st_mode & 0o077


def _folder(environ: Mapping[str, str], variable: str, default: str) -> Path:
    """The program's folder below an XDG base; a relative base is ignored, as XDG demands."""
    base = environ.get(variable, "")
    return (Path(base) if os.path.isabs(base) else Path.home() / default) / "qtui"


def _read(path: Path) -> Mapping[str, Any]:
    """The file as TOML; no file is an empty one."""
    if not path.exists():
        return {}
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings in {path} cannot be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"The settings in {path} are not valid TOML: {error}.") from error


Section = TypeVar("Section", Settings, CacheSettings)


def _build(kind: type[Section], table: Mapping[str, Any], source: str, prefix: str = "") -> Section:
    """A section from a TOML table, or an error that names the key and what it expects."""
    known = {each.name: str(each.type) for each in fields(kind)}
    for key in table:
        if key not in known:
            names = ", ".join(prefix + each for each in known)
            raise SettingsError(f"{source}: there is no setting {prefix + key!r}; there are {names}.")
    return kind(**{key: _checked(known[key], value, source, prefix + key) for key, value in table.items()})


def _checked(kind: str, value: Any, source: str, name: str) -> Any:
    """A TOML value as its field wants it."""
    expected, fits = _KINDS[kind]
    if not fits(value):
        raise SettingsError(f"{source}: {name!r} must be {expected}, not {value!r}.")
    if kind == "CacheSettings":
        return _build(CacheSettings, value, source, f"{name}.")
    return tuple(value) if isinstance(value, list) else value


_KINDS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "int": ("a whole number above zero", lambda value: type(value) is int and value > 0),
    "float | None": ("a number, 0 or above", lambda value: type(value) in (int, float) and value >= 0),
    "Mapping[str, str]": (
        "a table of texts",
        lambda value: isinstance(value, Mapping) and all(isinstance(each, str) for each in value.values()),
    ),
    "str | None": ("a text", lambda value: isinstance(value, str)),
    "tuple[str, ...]": (
        "a list of texts",
        lambda value: isinstance(value, list) and all(isinstance(each, str) for each in value),
    ),
    "CacheSettings": ("a table", lambda value: isinstance(value, Mapping)),
}


class _Variable(NamedTuple):
    """What a variable of the environment sets, and how it is read."""

    key: str
    expected: str
    read: Callable[[str], Any]


def _given(variables: Mapping[str, _Variable], environ: Mapping[str, str]) -> dict[str, Any]:
    """The values that the environment sets; an empty variable sets nothing."""
    values = {}
    for name, variable in variables.items():
        if text := environ.get(name, "").strip():
            try:
                values[variable.key] = variable.read(text)
            except (ValueError, KeyError):
                raise SettingsError(f"The variable {name} must be {variable.expected}, not {text!r}.") from None
    return values


def _above_zero(text: str) -> int:
    """A whole number above zero."""
    if (value := int(text)) <= 0:
        raise ValueError
    return value


def _switched_off(text: str) -> bool:
    """False when the variable says yes."""
    return not {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]


def _names(text: str) -> tuple[str, ...]:
    """The names between the commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


_VARIABLES: Mapping[str, _Variable] = {
    "QTUI_STALE_AFTER_MINUTES": _Variable("stale_after_minutes", "a whole number above zero", _above_zero),
    "QTUI_COLUMNS": _Variable("columns", "names with commas between", _names),
}
_CACHE_VARIABLES: Mapping[str, _Variable] = {
    "QTUI_NO_CACHE": _Variable("enabled", "1 or 0", _switched_off),
    "QTUI_CACHE_LIMIT_MB": _Variable("limit_mb", "a whole number above zero", _above_zero),
}
