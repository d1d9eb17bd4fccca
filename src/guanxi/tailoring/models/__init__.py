"""Definitions of own fields, layouts, saved views; and the narrow index of own values."""
