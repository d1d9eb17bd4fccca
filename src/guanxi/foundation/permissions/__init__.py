"""What a member may do, and on whose records.

A permission code is `context.resource.verb`. A role grants codes, each with a reach (own, department,
department and below, all). Field rules hide, mask or lock a field for a role. An Actor is a member with all
of it worked out; every service takes one first. We never look at a record's meaning.
"""
