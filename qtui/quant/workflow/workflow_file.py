"""Read a workflow's YAML file as Qlib's qrun does."""

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
"""The key naming the config file that this one extends."""

FLOAT = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$")
"""The numbers of YAML 1.2, with those such as 1e-3 that YAML 1.1 reads as text; integers are recognised before."""


def read_workflow(path: Path | str) -> dict[str, Any]:
    """Read a config file, merged into its base config if it names one.

    Raises ConfigError if a file is missing, unreadable or not YAML.
    """
    path = Path(path)
    config = _read(path)
    base = config.get(BASE)
    if base is None:
        return config
    base_path = next((file for file in (Path(base), path.absolute().parent / base) if file.is_file()), None)
    if base_path is None:
        raise ConfigError(f"{path}: the base config {base} does not exist.")
    return _merge(_read(base_path), config)


def _read(path: Path) -> dict[str, Any]:
    import yaml

    try:
        config = yaml.load(_render(path.read_text(encoding="utf-8")), Loader=_loader())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is not valid YAML: {error}") from None
    if not isinstance(config, dict):
        raise ConfigError(f"{path} must hold a mapping, not {type(config).__name__}.")
    return config


def _render(text: str) -> str:
    """Render {{ variables }} from the environment with Jinja, if the text has any."""
    if "{{" not in text and "{%" not in text:
        return text
    try:
        from jinja2 import Template
    except ImportError:
        raise MissingExtra("The workflow file is a template, which needs Jinja: pip install jinja2") from None
    rendered: str = Template(text).render(dict(os.environ))
    return rendered


@cache
def _loader() -> type[SafeLoader]:
    """Return a safe loader that also parses the floats of YAML 1.2."""
    from yaml import SafeLoader

    class WorkflowLoader(SafeLoader):
        """A safe loader with the floats of YAML 1.2."""

    WorkflowLoader.add_implicit_resolver("tag:yaml.org,2002:float", FLOAT, list("-+0123456789."))
    return WorkflowLoader


def _merge(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Merge nested mappings; values of `changes` win."""
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
