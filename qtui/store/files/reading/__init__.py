"""Readers of infos, experiments and values; a damaged part is reported and never fails the whole."""
