"""Reads of sales that are more than a list."""
