"""The sample store of `qtui demo`: what a small quant and vision team would have on its server."""

from qtui.cli.sample.store import is_sample, write_damaged_run, write_sample

__all__ = ["is_sample", "write_damaged_run", "write_sample"]
