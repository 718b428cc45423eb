"""With the real Qlib on the other side: `make interop`. Where Qlib is not installed, none of it is collected."""
