"""Pure decisions about what things cost."""
