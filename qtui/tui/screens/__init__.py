"""Screens and dialogs: they put widgets together and coordinate them."""
