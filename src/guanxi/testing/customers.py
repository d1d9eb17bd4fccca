"""Customers for tests that are about something else."""

# Chinese in code: names of customers in tests

from itertools import count
from typing import Any

from guanxi.customers.models import Customer

_numbers = count(1)


def build_customer(**fields: Any) -> Customer:
    """A customer that is not saved yet; the name is new each time."""
    name = fields.pop("name", None) or f"苏州试验机械有限公司 {next(_numbers)}"
    fields.setdefault("name_key", name.casefold().replace(" ", ""))
    fields.setdefault("name_sort", fields["name_key"])
    return Customer(name=name, **fields)


def make_customer(**fields: Any) -> Customer:
    """A saved customer; needs an open operation."""
    customer = build_customer(**fields)
    customer.save(force_insert=True)
    return customer


def make_customers(number: int, **fields: Any) -> list[Customer]:
    """Several at once."""
    return Customer.objects.bulk_create([build_customer(**fields) for _ in range(number)])
