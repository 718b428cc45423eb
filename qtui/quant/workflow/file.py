"""Reads the YAML file of a workflow as Qlib's qrun reads it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qtui.errors import ConfigError, MissingExtra

if TYPE_CHECKING:
    from yaml import SafeLoader

BASE = "BASE_CONFIG_PATH"
"""The key by which a file names another that it changes."""

FLOAT = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?")
"""Numbers such as 1e-3, which YAML 1.1 takes for text."""


def read_workflow(path: Path | str) -> dict[str, Any]:
    """The config in a file, on top of the one that it names as its base."""
    path = Path(path)
    config = _read(path)
    base = config.get(BASE)
    if base is None:
        return config
    found = next((each for each in (Path(base), path.absolute().parent / base) if each.is_file()), None)
    if found is None:
        raise ConfigError(f"{path} builds on {base}, which does not exist.")
    return _merged(_read(found), config)


def _read(path: Path) -> dict[str, Any]:
    import yaml

    try:
        config = yaml.load(_rendered(path.read_text(encoding="utf-8")), Loader=_loader())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is not YAML: {error}") from None
    if not isinstance(config, dict):
        raise ConfigError(f"{path} holds no config, but a {type(config).__name__}.")
    return config


def _rendered(text: str) -> str:
    """The text with its {{ variables }} of the environment, which a file may use if Jinja is installed."""
    if "{{" not in text and "{%" not in text:
        return text
    try:
        from jinja2 import Template
    except ImportError:
        raise MissingExtra("The workflow uses templates, which need Jinja: pip install jinja2") from None
    rendered: str = Template(text).render(dict(os.environ))
    return rendered


@cache
def _loader() -> type[SafeLoader]:
    """Builds no objects, and knows the floats of YAML 1.2."""
    from yaml import SafeLoader

    class WorkflowLoader(SafeLoader):
        """A loader of plain values."""

    WorkflowLoader.add_implicit_resolver(
        "tag:yaml.org,2002:float", re.compile(rf"{FLOAT.pattern}$"), list("-+0123456789.")
    )
    return WorkflowLoader


def _merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The base with every value that the changes give, table by table."""
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
