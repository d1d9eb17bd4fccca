"""Reads that are more than a list."""
