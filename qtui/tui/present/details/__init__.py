"""The tabs of the details and their rows."""
