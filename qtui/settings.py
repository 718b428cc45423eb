"""The settings, from `$XDG_CONFIG_HOME/qtui/config.toml` and environment variables, which take precedence."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar, get_args

from qtui.errors import SettingsError
from qtui.value_classes import dataclass

ImageMode: TypeAlias = Literal["auto", "blocks", "kitty", "iterm", "sixel", "off"]
IMAGE_MODES: tuple[ImageMode, ...] = get_args(ImageMode)
IMAGE_MODE_NAMES = f"{', '.join(IMAGE_MODES[:-1])} or {IMAGE_MODES[-1]}"


@dataclass(frozen=True, slots=True)
class CacheSettings:
    """The settings of the cache in `$XDG_CACHE_HOME/qtui`, with which a store opens faster the next time."""

    enabled: bool = True
    """Whether to use the cache. `QTUI_NO_CACHE=1` turns it off."""

    limit_mb: int = 256
    """The size limit in megabytes; the least recently used entries are evicted. Also `QTUI_CACHE_LIMIT_MB`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults."""

    uri: str | None = None
    """The store to use when neither `--uri` nor the environment names one and the working directory has none."""

    read_only: bool = False
    """Whether edits are refused, as with `--read-only`. Also `QTUI_READ_ONLY=1`."""

    stale_after_minutes: int = 60
    """The minutes without a write after which a running run is stale. Also `QTUI_STALE_AFTER_MINUTES`."""

    columns: tuple[str, ...] = ()
    """The columns of `qtui runs` and of the screen, as for `--columns`; empty chooses them by their values. Also
    `QTUI_COLUMNS`, separated by commas."""

    theme: str | None = None
    """The theme of the screen; `auto` follows the background of the terminal. None is the theme that was chosen on the
    screen last."""

    ascii: bool = False
    """Whether the screen is drawn in ASCII only."""

    images: ImageMode = "auto"
    """How the screen shows images: by the protocol of `kitty` or `iterm` or as `sixel`, in half `blocks`, not at all
    (`off`), or as the environment names the terminal (`auto`). Also `QTUI_IMAGES`."""

    refresh: float | None = None
    """Seconds between two polls of the store by the screen; 0 turns polling off, None chooses by the store."""

    keys: Mapping[str, str] = field(default_factory=dict)
    """The table `[keys]` with keys for commands of the screen, such as `sort-by = "f5,s"`. The help of the screen shows
    the names."""

    cache: CacheSettings = field(default_factory=CacheSettings)
    """The table `[cache]`."""


@cache
def current() -> Settings:
    """Return the settings of this process; they are read once."""
    return load(os.environ)


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings of the file and the environment. Raises SettingsError for a wrong one."""
    path = config_dir(environ) / "config.toml"
    settings = _build(Settings, _read(path), str(path))
    cache = replace(settings.cache, **_from_environment(_CACHE_VARIABLES, environ))
    return replace(settings, **_from_environment(_VARIABLES, environ), cache=cache)


def config_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the directory of the settings."""
    return _folder(environ, "XDG_CONFIG_HOME", ".config")


def cache_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the directory for data that can be created again."""
    return _folder(environ, "XDG_CACHE_HOME", ".cache")


def data_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the directory for data that the user created, such as the sample store."""
    return _folder(environ, "XDG_DATA_HOME", ".local/share")


def state_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the directory for state and logs, such as crash reports."""
    return _folder(environ, "XDG_STATE_HOME", ".local/state")


def make_private(folder: Path) -> Path:
    """Create the directory and its parents, accessible only by the user."""
    for directory in reversed([folder, *folder.parents]):
        if not directory.exists():
            directory.mkdir(mode=0o700, exist_ok=True)
    return folder


def is_private(state: os.stat_result) -> bool:
    """Return whether a file or directory belongs to the user and nobody else can read or change it."""
    return state.st_uid == os.geteuid() and not state.st_mode & 0o077


def _folder(environ: Mapping[str, str], variable: str, default: str) -> Path:
    """Return our directory below an XDG base directory; a relative one is ignored, as XDG requires."""
    base = environ.get(variable, "")
    return (Path(base) if os.path.isabs(base) else Path.home() / default) / "qtui"


def _read(path: Path) -> Mapping[str, Any]:
    """Parse the file as TOML; a missing file is empty."""
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
    """Build a section from a TOML table. Raises SettingsError with the key and its type."""
    types = {field.name: str(field.type) for field in fields(kind)}
    for key in table:
        if key not in types:
            names = ", ".join(prefix + name for name in types)
            raise SettingsError(f"{source}: there is no setting {prefix + key!r}; there are {names}.")
    return kind(**{key: _convert(types[key], value, source, prefix + key) for key, value in table.items()})


def _convert(kind: str, value: Any, source: str, name: str) -> Any:
    """Return a TOML value converted to the type of its field."""
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
        lambda value: isinstance(value, Mapping) and all(isinstance(item, str) for item in value.values()),
    ),
    "ImageMode": (IMAGE_MODE_NAMES, lambda value: value in IMAGE_MODES),
    "str | None": ("a text", lambda value: isinstance(value, str)),
    "tuple[str, ...]": (
        "a list of texts",
        lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    ),
    "CacheSettings": ("a table", lambda value: isinstance(value, Mapping)),
}


class _Variable(NamedTuple):
    """An environment variable: the setting, and the parser of its value."""

    key: str
    expected: str
    read: Callable[[str], Any]


def _from_environment(variables: Mapping[str, _Variable], environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings in the environment; an empty variable is ignored."""
    values = {}
    for name, variable in variables.items():
        if text := environ.get(name, "").strip():
            try:
                values[variable.key] = variable.read(text)
            except (ValueError, KeyError):
                raise SettingsError(f"The variable {name} must be {variable.expected}, not {text!r}.") from None
    return values


def _positive_integer(text: str) -> int:
    """Parse a positive integer."""
    if (value := int(text)) <= 0:
        raise ValueError
    return value


def _is_true(text: str) -> bool:
    """Parse a truth value."""
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]


def _is_enabled(text: str) -> bool:
    """Return False when the variable that turns a feature off is true."""
    return not _is_true(text)


def _names(text: str) -> tuple[str, ...]:
    """Split names at commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _image_mode(text: str) -> str:
    """Return the way to show images."""
    if text.lower() not in IMAGE_MODES:
        raise ValueError
    return text.lower()


_VARIABLES: Mapping[str, _Variable] = {
    "QTUI_IMAGES": _Variable("images", IMAGE_MODE_NAMES, _image_mode),
    "QTUI_READ_ONLY": _Variable("read_only", "1 or 0", _is_true),
    "QTUI_STALE_AFTER_MINUTES": _Variable("stale_after_minutes", "a whole number above zero", _positive_integer),
    "QTUI_COLUMNS": _Variable("columns", "names with commas between", _names),
}
_CACHE_VARIABLES: Mapping[str, _Variable] = {
    "QTUI_NO_CACHE": _Variable("enabled", "1 or 0", _is_enabled),
    "QTUI_CACHE_LIMIT_MB": _Variable("limit_mb", "a whole number above zero", _positive_integer),
}
