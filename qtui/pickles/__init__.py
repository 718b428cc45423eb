"""Shows what is in a pickle without running it: an interpreter of our own, which imports nothing and calls nothing."""

from qtui.pickles.limits import Limits
from qtui.pickles.loading import Loaded, load
from qtui.pickles.node import Node

__all__ = ["Limits", "Loaded", "Node", "load"]
