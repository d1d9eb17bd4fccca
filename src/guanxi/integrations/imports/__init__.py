"""Import: a file of rows becomes records, all or none, in one operation that can be undone.

Reading (files to rows), mapping (columns to fields), planning (rows to verdicts), doing. We own the way from
a file to the services of a resource. We never know an entity: which rows mean the same record, the resource
says (`Resource.matching`), and every write is its service's.
"""
