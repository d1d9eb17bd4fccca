"""What sales decides, without a database. Pure."""
