"""Lists that leave as files every day, week or month, for whoever asked for them and with their rights at that time."""
