"""Writes: comments, tags, following, and telling followers."""
