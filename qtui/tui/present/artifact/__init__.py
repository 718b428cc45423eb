"""Contents of artifacts as rows."""
