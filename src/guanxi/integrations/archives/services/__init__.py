"""Taking a company out, and bringing one in."""
