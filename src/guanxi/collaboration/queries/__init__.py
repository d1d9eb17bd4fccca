"""Reads: who says what on a record, who follows it, which tags it bears, and what happened to what one follows."""
