"""Views of artifacts: files of any kind as text, trees, tables and pictures. Nothing in a file is ever executed."""
