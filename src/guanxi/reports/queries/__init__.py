"""Reading: the text of a report, who must send one, what somebody has not read."""
