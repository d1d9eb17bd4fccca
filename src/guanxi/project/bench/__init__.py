"""Measuring: a database of its own, the real web process, one client and eight, yardsticks of the same run.

Nothing here asserts a time. The figures are compared by their ratio to the yardsticks, since the milliseconds
belong to a machine and an hour.
"""
