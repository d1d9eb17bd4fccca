"""Verbs of administration and of saved views."""
