"""Leads: names that may become customers, and where they came from.

We own leads, who answers for them, their qualification and why they were discarded. Making customers of them is a verb
of `sales`.
"""
