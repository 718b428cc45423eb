"""Interpret the opcodes of a pickle over names and plain containers; imports and calls nothing."""
