"""Fill placeholders in a config: <MODEL>, <DATASET>, <PRED>, and <path.to.a.value> of the config itself."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from qtui.errors import ConfigError

logger = logging.getLogger(__name__)

PLACEHOLDER = re.compile(r"<([^<>]+)>")


def fill_placeholder(config: Any, config_extend: Mapping[str, Any]) -> Any:
    """Return a copy of the config with its placeholders filled.

    `config_extend` maps placeholders to values. A placeholder without a value stays; one that refers to itself is a
    ConfigError.

    >>> task = {"signal": "<PRED>", "start": "<segments.test.0>", "segments": {"test": [2017, 2020]}}
    >>> fill_placeholder(task, {"<PRED>": "scores"})
    {'signal': 'scores', 'start': 2017, 'segments': {'test': [2017, 2020]}}
    """
    for name in config_extend:
        if not PLACEHOLDER.fullmatch(name):
            raise ConfigError(f"Invalid placeholder {name!r}: expected a name in angle brackets, like <MODEL>.")
    return _fill(config, config, config_extend, ())


def _fill(value: Any, config: Any, given: Mapping[str, Any], parents: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {key: _fill(item, config, given, parents) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_fill(item, config, given, parents) for item in value)
    if not isinstance(value, str):
        return value
    if value in given:
        return given[value]
    match = PLACEHOLDER.fullmatch(value)
    return value if match is None else _look_up(value, match[1], config, given, parents)


def _look_up(value: str, path: str, config: Any, given: Mapping[str, Any], parents: tuple[str, ...]) -> Any:
    """Return the config's own value at a path, or the placeholder itself if there is none."""
    if value in parents:
        raise ConfigError(f"The placeholder {value} refers to itself.")
    target = config
    try:
        for name in path.split("."):
            target = target[int(name)] if isinstance(target, list | tuple) else target[name]
    except (KeyError, IndexError, ValueError, TypeError):
        logger.info("The placeholder %s has no value.", value)
        return value
    return _fill(target, config, given, (*parents, value))
