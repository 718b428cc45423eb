"""Tests with the real Qlib, run by `make interop`; without Qlib they are not collected."""
