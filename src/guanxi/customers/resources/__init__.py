"""What customers and their people look like on every door."""

from guanxi.customers.resources import customers, people

__all__ = ["customers", "people"]
