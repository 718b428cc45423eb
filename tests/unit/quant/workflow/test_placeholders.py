"""Placeholders are filled by what is given and by the config itself."""

from __future__ import annotations

import pytest

from qtui.errors import ConfigError
from qtui.recorder import fill_placeholder


def test_a_value_replaces_every_placeholder_of_its_name() -> None:
    model = object()
    config = {"kwargs": {"model": "<MODEL>", "both": ["<MODEL>", ("<PRED>", 1)]}}
    assert fill_placeholder(config, {"<MODEL>": model, "<PRED>": 2}) == {
        "kwargs": {"model": model, "both": [model, (2, 1)]}
    }


def test_the_config_is_not_changed() -> None:
    config = {"list": ["<MODEL>"]}
    fill_placeholder(config, {"<MODEL>": 1})
    assert config == {"list": ["<MODEL>"]}


def test_a_path_leads_to_a_value_of_the_config_which_is_filled_too() -> None:
    config = {"start": "<a.b.1>", "copy": "<a>", "a": {"b": [1, "<MODEL>"]}}
    filled = {"b": [1, "m"]}
    assert fill_placeholder(config, {"<MODEL>": "m"}) == {"start": "m", "copy": filled, "a": filled}


@pytest.mark.parametrize("text", ["<NOBODY>", "<a.b>", "<a.5>", "<a.x>", "a <MODEL> within", "<", "<>"])
def test_a_placeholder_without_a_value_stays(text: str) -> None:
    assert fill_placeholder({"text": text, "a": [1]}, {"<MODEL>": 1})["text"] == text


@pytest.mark.parametrize("config", [{"a": "<a>"}, {"a": "<b.0>", "b": ["<a>"]}])
def test_a_placeholder_for_itself_is_refused(config: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="refers to itself"):
        fill_placeholder(config, {})


def test_a_name_without_brackets_is_refused() -> None:
    with pytest.raises(ConfigError, match="Invalid placeholder 'MODEL'"):
        fill_placeholder({}, {"MODEL": 1})
