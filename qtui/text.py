"""The one door through which every string of a store passes on its way to a screen."""
