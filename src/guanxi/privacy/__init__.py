"""What the law gives the people whose data a company keeps: an answer, its export, correction, and erasure.

Stands above every other context and knows none of their tables: it finds what belongs to a person, and what names
them, by looking at the models themselves.
"""
