"""The comparison of runs: its selection, and its values as rows, lists and plots."""
