"""Promises in a salesperson's note, found by rules while it is typed, in Chinese and English. Pure.

::

    find_promises("王总答应月底前付30%", today=…, names=["王建国"])  →  theirs, 付30%, the last of the month, 王建国

people     who is named: the customer's people and our own, by name, title or nickname
words      the words by which a promise is told from a wish, a plan or a deed done
tokens     the note as a row of times, people and words
clauses    sentences and clauses, also of a note dictated without a comma
acts       a clause taken apart: who, what, when, how firmly
titles     what was promised, as a title
finding    which acts are promises, whose, to whom, by when
"""

from guanxi.activities.promising.finding import Found, find_promises

__all__ = ["Found", "find_promises"]
