"""Work done later: queued in the transaction that asks for it, done once, seen and restarted by people.

A job is a row of the company with its progress and result; procrastinate carries it. What a job changes and
the fact that it is done commit together, so a killed worker leaves either nothing or all of it.
"""
