"""Notices in the product: short messages to a member with a way to what they are about.

We own the messages and whether they were read. We never decide what deserves one.
"""
