"""Pages of marketing."""
