"""Finding any record by a piece of its name, its pinyin initials, a phone's tail or a code.

One row per record with the texts it is found by and their grams. Reading goes through a function of the owner
role, because row-level security uses no index for operators that may leak; the function itself filters on
the open company and on reach before it looks further. Derived: rebuilt from the records, outside the ledger.
"""
