"""Pages of one's own mailbox."""
