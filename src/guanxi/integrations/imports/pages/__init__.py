"""Three steps: the file comes in, its columns get their fields and what would happen is shown, it happens."""
