"""What people do around a record: comments and mentions, following, tags.

We know a record only by (resource key, id) and read it through the doors of the resource layer; whoever does not
see it does not see what hangs on it. We own comments, tags, and who wants to be told of what; we never own a
field of a record and never change one.
"""
