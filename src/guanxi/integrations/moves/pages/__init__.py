"""Moving in: the sets there are, and one of them from its files to what came of it."""
