"""Writes of customers and their people: one verb each, actor first."""
