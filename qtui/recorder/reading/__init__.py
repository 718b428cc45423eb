"""Reading a store: look up, search, follow and check runs, and open their artifacts."""
