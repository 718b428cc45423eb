"""Qlib's record templates, measures, collectors, workflow files and a backtest that needs no Qlib.

The public names are exported by `qtui.recorder`.
"""
