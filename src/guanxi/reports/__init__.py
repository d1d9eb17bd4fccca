"""Reports of the day and the week: written by the system from what was recorded, sent by whoever did it with a
sentence, read by those above."""
