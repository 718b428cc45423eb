"""Dialogs: a base, one for each kind of answer, and the choice of the one that a widget requests."""
