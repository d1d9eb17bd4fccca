"""Reads of activities that are more than a list."""
