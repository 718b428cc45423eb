"""Edits of a store through the library: the journal, undo and redo."""
