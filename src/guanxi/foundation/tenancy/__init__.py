"""Companies (tenants) and the wall between them.

We own: the scope a statement runs in, the database backend that puts every statement and every table of
today and tomorrow behind the wall, and the fields that keys are made of. We never: know who acts (accounts)
or what a record means (resource).
"""
