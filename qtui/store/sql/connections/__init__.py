"""Connections to databases: addresses, sqlite files, servers, and write transactions."""
