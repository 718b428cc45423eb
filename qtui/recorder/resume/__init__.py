"""Running a command inside a run, and what is known of the command that made a run."""
