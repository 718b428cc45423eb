"""Tests of the store over databases."""
