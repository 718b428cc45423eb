"""Escape sequences, the cell cache, the clipboard and key parsing; the only place that uses private API of Textual."""
