"""Values to rows of text and roles: pure functions and frozen values, no widget."""
