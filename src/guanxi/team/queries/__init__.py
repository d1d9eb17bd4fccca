"""Reads of what people hold and what was handed over."""
