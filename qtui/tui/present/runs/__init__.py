"""The runs pane: its scope, filter, layout, selection and title."""
