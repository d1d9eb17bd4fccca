"""When a company works: its hours by weekday, and its own days over the official calendar.

We answer with a pure `kernel.worktime.Calendar`, read once in a scope. We never decide what waits for working time.
"""
