"""Customers: the organisations and individuals we deal with, whatever they are to us.

We own the customer's own facts, who answers for it and whose child it is. We never know what was sold, served
or written to it: upper contexts tell us through services, and show their part on our card.
"""
