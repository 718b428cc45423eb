"""Decode pickles safely: an interpreter that imports and calls nothing a pickle names."""

from qtui.pickles.limits import PickleLimits
from qtui.pickles.loading import LoadedPickle, load
from qtui.pickles.node import Node

__all__ = ["LoadedPickle", "Node", "PickleLimits", "load"]
