"""What can be done in the list of experiments."""

from __future__ import annotations

from typing import Any

from qtui.tui.commands.command import Command


class SortExperiments(Command[Any]):
    """Sort the experiments by name, or the latest first."""

    KEYS = "s"
    TEXT = "sort"
    FOOTER = True


class CopyExperimentId(Command[Any]):
    """Copy the id of the experiment."""

    KEYS = "y"
    TEXT = "copy id"


class CopyExperimentName(Command[Any]):
    """Copy the name of the experiment."""

    KEYS = "Y"
    TEXT = "copy name"
