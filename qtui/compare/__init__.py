"""Comparison of runs: differences, groups, importance of params and statistics; pure, without a store or a screen."""
