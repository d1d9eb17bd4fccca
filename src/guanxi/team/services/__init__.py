"""Verbs of the team."""
