from guanxi.customers.models.customer import Customer
from guanxi.customers.models.duplicates import Mark, Pair
from guanxi.customers.models.person import Affiliation, Person

__all__ = ["Affiliation", "Customer", "Mark", "Pair", "Person"]
