"""Charts as files: CSV and SVG."""
