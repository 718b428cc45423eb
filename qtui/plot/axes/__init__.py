"""Axes: limits, ticks and their labels, and the frame around a plot area."""
