"""Workflow configs: read YAML files, fill placeholders, create objects."""

from qtui.quant.workflow.instances import init_instance_by_config
from qtui.quant.workflow.placeholders import fill_placeholder
from qtui.quant.workflow.workflow_file import read_workflow

__all__ = ["fill_placeholder", "init_instance_by_config", "read_workflow"]
