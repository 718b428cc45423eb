"""Curves over steps, time or another metric: their data, layout, drawing and cursor."""
