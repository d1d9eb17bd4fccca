"""Every change is an operation that can be seen and undone.

We own: the open operation of a scope, reading what changed, undo, erasure in the images, retention. The
tables and the trigger that fills them are written by the database backend. We never write a change
ourselves, and never know what a table means.
"""
