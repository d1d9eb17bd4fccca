"""Numbers for people: prefix, date and a sequence that starts anew by day, month, year or never.

Without gaps where asked: the counter's row is then locked until the transaction ends, so a rolled-back
document gives its number back. We never decide which documents have numbers.
"""
