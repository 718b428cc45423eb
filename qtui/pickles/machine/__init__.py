"""Runs the opcodes of a pickle over names and plain containers; imports nothing and calls nothing."""
