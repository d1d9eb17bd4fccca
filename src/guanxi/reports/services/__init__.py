"""Writes: sending, taking back, who must send by when."""
