"""Pages of activities: the timeline with its composer, Today, the calendar, the feed."""
