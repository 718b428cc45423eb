"""The runs frame: many runs as columns."""
