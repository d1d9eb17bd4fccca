"""Customers: organisations and individuals we deal with, as what, and who answers for them."""
