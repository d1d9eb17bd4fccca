"""Pages of the rights of the people we know."""
