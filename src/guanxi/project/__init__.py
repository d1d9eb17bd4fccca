"""The top floor: settings, root URLs, the API object, the command line and the start-up side.

Owns the wiring and nothing else; a rule that lives here is in the wrong place.
"""
