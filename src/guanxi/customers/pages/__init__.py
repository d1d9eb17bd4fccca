"""Pages of customers that no declaration draws."""
