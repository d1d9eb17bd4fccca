"""What customers and their people look like on every door."""

from guanxi.customers.resources import alerts, business, customers, people, positions, relationships, ways

__all__ = ["alerts", "business", "customers", "people", "positions", "relationships", "ways"]
