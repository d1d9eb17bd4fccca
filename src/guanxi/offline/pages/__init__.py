"""Pages of what works without network."""
