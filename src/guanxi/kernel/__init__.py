"""What every context may use and what knows none of them: no Django, no database, no network, no clock but
ids.

ids      UUIDv7 keys, in order of creation
errors   the tree of domain errors; codes, never texts
text     cleaning what comes from outside, folding for comparison, cells that are safe in a spreadsheet
pinyin   sort keys and readings of Chinese names (surnames.py: how surnames are read; syllables.py: the
syllables)
names    company names in their parts, and the normalised name (places.py, trades.py: the words it knows)
alike    are these two the same company, the same person: keys, verdicts, reasons (a package)
reading  a pasted signature, card, invoice title or message as customer and people (a package)
codes    unified social credit codes and tax numbers
phones   telephone numbers as found in cells; masks
money    amounts in integer minor units; capital figures
dates    dates as found in spreadsheets; distance in days
web      web and mail domains; addresses that may be shown as links

Nothing here is imported by this file, so that a module costs only itself.
"""
