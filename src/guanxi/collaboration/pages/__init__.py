"""What this context adds to every card, its own pages, and the page of tags in administration."""
