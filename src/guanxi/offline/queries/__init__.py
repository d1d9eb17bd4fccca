"""Reads of what a phone keeps."""
