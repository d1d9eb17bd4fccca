from guanxi.customers.models.business import Business, Charge
from guanxi.customers.models.customer import Customer, Pool
from guanxi.customers.models.duplicates import Mark, Pair, Sign
from guanxi.customers.models.person import Affiliation, Person
from guanxi.customers.models.pools import Lock, PoolMember, Transfer
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
    "Lock",
    "Mark",
    "Pair",
    "Person",
    "Pool",
    "PoolMember",
    "Relationship",
    "Sign",
    "Transfer",
]
