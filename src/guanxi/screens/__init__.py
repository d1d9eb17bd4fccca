"""The screens every resource has: list, preview, card, form, history, search. A URL gives the page or, to htmx, a part.

A door like the API: it reads and writes through the resource layer, and knows no entity.
"""
