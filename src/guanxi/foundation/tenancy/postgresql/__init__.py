"""Database backend: PostgreSQL with the company in every statement and every table.

`compiler` adds the company to each statement; `schema` writes keys, policies, grants and triggers; `creation`
makes test databases. The rest is Django's own PostgreSQL backend.
"""
