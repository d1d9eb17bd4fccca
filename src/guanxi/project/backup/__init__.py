"""Backup, restore and upgrade: the data to safety, back, and on to the next version.

A backup is one file: the database as PostgreSQL's own dump of one snapshot, the attached files, and a
manifest with what was counted and the SHA-256 of every part. Nothing is restored that was not whole.
"""
