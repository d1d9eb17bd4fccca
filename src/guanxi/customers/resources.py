"""Declarations of what customers look like on every door."""
