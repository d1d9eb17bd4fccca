"""What a company adds to what we declare: fields of its own, another order of card and form, saved views.

We know a record only by its declaration (resource key, id) and write business rows only through its services. We
own the definitions and the narrow index of own fields; the values lie in the records' own rows.
"""
