"""Qlib's own files: predictions, signal analyses, reports and positions of a backtest."""
