"""Reads of mailboxes and messages; who is behind an address."""
