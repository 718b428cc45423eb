"""Artifacts of runs: listing, walking, downloading and saving them."""
