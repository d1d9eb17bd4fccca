"""How passwords are kept: Argon2id with the parameters of OWASP's Password Storage Cheat Sheet.

19 MiB, two passes, one lane. With Django's own 100 MiB a password, a dozen people who sign in at once would
take more memory than all the rest of the web process.
"""

from django.contrib.auth.hashers import Argon2PasswordHasher


class LeanArgon2(Argon2PasswordHasher):
    """Argon2id, m=19456 KiB, t=2, p=1. Older hashes are read, and renewed at the next sign-in."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
