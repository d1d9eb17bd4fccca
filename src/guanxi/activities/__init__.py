"""Activities: every touch with a customer and its people, planned or done, and the day's work that follows from them.

We own what was said and done, who took part, what comes next and when to be reminded; the timeline of a record, whose
other sources (comments, changes, later mail, quotes, tickets) are contributed; Today, the calendar and its
feed. We never write what a customer or a person is.
"""
