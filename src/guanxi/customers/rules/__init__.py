"""Pure decisions: alike (are these two the same), customers (about one of them)."""

from guanxi.customers.rules.customers import former_names, joined_names

__all__ = ["former_names", "joined_names"]
