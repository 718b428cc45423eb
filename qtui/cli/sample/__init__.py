"""The sample store of `qtui demo`: experiments of a quant team and of a vision team."""

from qtui.cli.sample.store import is_sample, write_damaged_run, write_sample

__all__ = ["is_sample", "write_damaged_run", "write_sample"]
