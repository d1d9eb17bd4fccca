"""What a mail says, worked out of its bytes. Pure: no database, no network."""
