"""The pages: writing, reading, the people of a manager, the settings."""
