"""The full-screen program: everything that knows Textual."""
