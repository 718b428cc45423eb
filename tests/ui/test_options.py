"""The command line comes before the settings."""

from __future__ import annotations

from qtui.entities import ViewType
from qtui.settings import Settings
from qtui.tui.options import Options

SETTINGS = Settings(theme="day", refresh=3, keys={"quit": "x"})


def test_settings_apply_without_command_line_options() -> None:
    assert Options.from_settings(SETTINGS) == Options(theme="day", refresh=3, keys={"quit": "x"})


def test_the_command_line_comes_before_the_settings() -> None:
    asked = Options.from_settings(SETTINGS, view=ViewType.ALL, refresh=0, theme="night", ascii_only=True)
    assert asked == Options(view=ViewType.ALL, refresh=0, theme="night", ascii_only=True, keys={"quit": "x"})
