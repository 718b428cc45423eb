"""Configs: read from files, filled, and made into objects."""

from qtui.recorder.config.instances import init_instance_by_config
from qtui.recorder.config.placeholders import fill_placeholder
from qtui.recorder.config.workflow import read_workflow

__all__ = ["fill_placeholder", "init_instance_by_config", "read_workflow"]
