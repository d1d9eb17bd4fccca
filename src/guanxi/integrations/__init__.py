"""Ways in and out of every resource for machines and files: the HTTP API, import, export.

They know a record only by its declaration (resource key, id) and write through its services. We own API
tokens and the answers kept for replays; we never own a business row.
"""
