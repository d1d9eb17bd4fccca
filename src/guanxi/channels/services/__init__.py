"""Writes of mailboxes and messages, and the talk with mail servers."""
