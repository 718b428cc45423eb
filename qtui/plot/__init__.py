"""Charts as rows of text: series are shaped into curves, and curves are drawn into so many cells."""
