"""Configs: read from files, filled, and made into objects."""

from qtui.recorder.workflow.file import read_workflow
from qtui.recorder.workflow.instances import init_instance_by_config
from qtui.recorder.workflow.placeholders import fill_placeholder

__all__ = ["fill_placeholder", "init_instance_by_config", "read_workflow"]
