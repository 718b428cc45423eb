"""Fills the places that a config leaves open: <MODEL>, <DATASET>, <PRED>, and <path.to.a.value> of its own."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from qtui.errors import ConfigError

logger = logging.getLogger(__name__)

PLACEHOLDER = re.compile(r"<([^<>]+)>")


def fill_placeholder(config: Any, config_extend: Mapping[str, Any]) -> Any:
    """The same config with its placeholders filled; the one that was given stays as it was.

    >>> task = {"signal": "<PRED>", "start": "<segments.test.0>", "segments": {"test": [2017, 2020]}}
    >>> fill_placeholder(task, {"<PRED>": "scores"})
    {'signal': 'scores', 'start': 2017, 'segments': {'test': [2017, 2020]}}
    """
    for name in config_extend:
        if not PLACEHOLDER.fullmatch(name):
            raise ConfigError(f"{name!r} is no placeholder: one is a name in angle brackets, like <MODEL>.")
    return _filled(config, config, config_extend, ())


def _filled(value: Any, config: Any, given: Mapping[str, Any], within: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(each, config, given, within) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_filled(each, config, given, within) for each in value)
    if not isinstance(value, str):
        return value
    if value in given:
        return given[value]
    written = PLACEHOLDER.fullmatch(value)
    return value if written is None else _looked_up(value, written[1], config, given, within)


def _looked_up(value: str, path: str, config: Any, given: Mapping[str, Any], within: tuple[str, ...]) -> Any:
    """What the config itself has at a path; a placeholder for nothing stays as it is."""
    if value in within:
        raise ConfigError(f"The placeholder {value} stands for itself.")
    found = config
    try:
        for name in path.split("."):
            found = found[int(name)] if isinstance(found, list | tuple) else found[name]
    except (KeyError, IndexError, ValueError, TypeError):
        logger.info("%s looks like a placeholder, but nothing was given for it.", value)
        return value
    return _filled(found, config, given, (*within, value))
