"""Reading the values of many runs: batches, helper processes, and a cache verified by file fingerprints."""
