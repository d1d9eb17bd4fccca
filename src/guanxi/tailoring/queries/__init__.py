"""Reads: the company's wishes as the engine asks for them."""
