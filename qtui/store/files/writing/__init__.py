"""Writing into a file store: experiments, runs and values."""
