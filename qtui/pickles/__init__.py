"""Decode pickles safely: an interpreter that imports and calls nothing a pickle names."""

from qtui.pickles.limits import PickleLimits
from qtui.pickles.loading import Loaded, load
from qtui.pickles.node import Node

__all__ = ["Loaded", "Node", "PickleLimits", "load"]
