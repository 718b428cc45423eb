"""The recorder library, the way in for the screen, the commands and scripts."""
