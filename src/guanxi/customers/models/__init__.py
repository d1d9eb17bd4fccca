from guanxi.customers.models.business import Business, Charge
from guanxi.customers.models.customer import Customer
from guanxi.customers.models.duplicates import Mark, Pair
from guanxi.customers.models.person import Affiliation, Person
from guanxi.customers.models.relationship import Relationship
from guanxi.customers.models.ways import Address, BillingProfile, ContactPoint

__all__ = [
    "Address",
    "Affiliation",
    "BillingProfile",
    "Business",
    "Charge",
    "ContactPoint",
    "Customer",
    "Mark",
    "Pair",
    "Person",
    "Relationship",
]
