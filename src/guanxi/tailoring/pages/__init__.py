"""Screens of fields, layouts and saved views."""
