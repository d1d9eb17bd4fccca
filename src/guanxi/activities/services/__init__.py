"""Writes of activities: one verb each, actor first."""
