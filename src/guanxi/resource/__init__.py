"""The declarative layer: one typed declaration per entity gives list, card, form, import, export, API, rights.

We own the three doors every record is reached through: `access.visible(actor)`, `access.get(actor, id)` and
the writing functions that services call. We never know an entity: what is special to one is its service.
"""
