"""What customers and their people look like on every door."""

from guanxi.customers.resources import business, customers, people, relationships, ways

__all__ = ["business", "customers", "people", "relationships", "ways"]
