"""What runs before Django: the embedded PostgreSQL, the database roles, and the processes of a server.

Everything here imports without Django settings, because it is what gives Django its settings.
"""
