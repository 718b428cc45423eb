"""The plain commands: parse, ask the library, print."""


def main() -> None:
    """Run the command line."""
