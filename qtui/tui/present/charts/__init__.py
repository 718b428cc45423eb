"""Charts and grids of charts: what they show, their state and legends."""
